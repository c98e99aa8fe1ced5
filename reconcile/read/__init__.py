"""A file becomes tables: raw cells (workbook), where a table starts (header), what its rows are (rows)."""
