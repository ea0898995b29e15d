"""Workbooks: units in spreadsheets, and the sheet on which people review them."""
