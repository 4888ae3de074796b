"""The pages over HTTP: read-only, for one reader or a few, behind no login of their own."""
