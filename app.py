"""The page's script: hands over to trialfinder.ui."""

from trialfinder.ui import page

page.show()
