from .reader import TableError, read_rows
from .summary import counts, total
from .writer import tidy, write_rows

__all__ = ["TableError", "counts", "read_rows", "tidy", "total", "write_rows"]
