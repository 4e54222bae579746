"""The whole flow over a folder and its tables; read `job` first."""
