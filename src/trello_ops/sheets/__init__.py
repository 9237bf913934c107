"""The declaration as a workbook, to be edited where a hundred rows are edited best."""
