"""What makes the material to learn from and to show: training pages, patients, sample documents. Outside the wheel."""
