"""Tables in the forms that others read: MEDS."""
