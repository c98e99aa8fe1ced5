"""Marks on a copy of an .xlsx or .xlsm package: fills and notes at cells, every other byte of it kept."""
