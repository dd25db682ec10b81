"""What one passage over a file's bytes tells."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from cs_audit.sources import ledger
from cs_audit.sources.ledger import survey_of


@given(st.binary(max_size=200), st.integers(1, 9))
def test_the_digest_and_the_quotes_of_a_file_do_not_depend_on_blocks(tmp_path_factory, data, block):
    path = tmp_path_factory.mktemp("survey") / "file"
    path.write_bytes(data)
    before, ledger._BLOCK = ledger._BLOCK, block
    try:
        found = survey_of(path)
    finally:
        ledger._BLOCK = before
    assert (found.sha256, found.quotes) == (hashlib.sha256(data).hexdigest(), data.count(b'"'))
