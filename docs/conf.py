"""How Sphinx builds these pages: ``sphinx-build -W --keep-going docs build/docs``."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "connect contract"
release = version = installed("pytest-connect-contract")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "from_code"]
exclude_patterns = ["gallery", "examples", "from_code"]
# Texts of the code are shown as they are, quotes too.
smartquotes = False

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "undoc-members": True}

html_theme = "furo"
html_title = "connect contract"
html_copy_source = False
html_show_copyright = False
# A page that is opened from the disk may not read the others, from which summaries would come.
html_show_search_summary = False
