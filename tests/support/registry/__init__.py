"""A strict registry on this computer: study records served as the ClinicalTrials.gov API v2 would.

    with LocalRegistry(records) as registry:
        registry.fault(Fault.HTTP_429)
        requests.get(f"{registry.url}/studies", params={"query.cond": "CML"}, timeout=5)

By hand, from the top of the source tree:

    python -m tests.support.registry --port 8765 --copies 20

It refuses whatever the real service refuses, and now and then a little more, so that a question
that passes here has a good chance there. It is not the real search engine: it knows a small part
of the query language, and synonyms of chronic myeloid leukemia only. What the real service
understands but this one does not is answered with 501, never silently ignored.

Stricter than the real service, on purpose: a page token used with other parameters is refused (the
real one answers with other studies); empty values are refused; operators and ``AREA[...]`` count
as words of a query; single fields are known by name or path only where a test asks for them.
"""

from .faults import HOSTILE, HUGE_FIELD_LENGTH, Fault
from .fields import nct_id
from .server import ALWAYS, FIXTURES, LocalRegistry

__all__ = ["ALWAYS", "FIXTURES", "HOSTILE", "HUGE_FIELD_LENGTH", "Fault", "LocalRegistry", "nct_id"]
