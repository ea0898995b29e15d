"""Excel workbooks: units in spreadsheets, and the sheet for reviewing them."""
