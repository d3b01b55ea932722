"""Reports: what was judged, as data, as JSON, as text and on the terminal."""
