"""Many departments at once: in a pool of processes or on a Dask cluster, and one workbook over all of them."""
