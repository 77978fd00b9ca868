"""Pages to print: reports, certificates, overviews."""
