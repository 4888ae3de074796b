"""The tables of a wiretrace lake, one file each. Nothing here reads, writes or decides."""
