"""How fast is the journal's chain verified? Prints seconds for a number of records, on one core, over plain tuples.

    python benchmarks/speed/chain.py [records]

Goal: 1,000,000 records in under 10 s. Sealing is timed too, since every append pays for it.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from datacenter_docs.domain.audit import GENESIS, Entry, EntryKind, row_of, seal, verify_chain

BODY = {
    "action_id": "INC-12345/0123456789abcdef/0",
    "operation": "enable_port",
    "target": "network:lab:interface:r1/eth1",
    "parameters": {},
    "before": {"admin_state": "down"},
}


def main(records: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows, head = [], GENESIS
    began = time.perf_counter()
    for seq in range(1, records + 1):
        entry = Entry(
            kind=EntryKind.ACTION_INTENDED,
            at=start + timedelta(milliseconds=seq),
            actor="jane.roe@example.com",
            ticket_id=f"INC-{seq}",
            body=BODY,
        )
        record = seal(entry, seq, head)
        rows.append(tuple(row_of(record)))
        head = record.hash
    sealing = time.perf_counter() - began
    began = time.perf_counter()
    report = verify_chain(rows)
    verifying = time.perf_counter() - began
    if not report.ok or report.records != records:
        sys.exit(f"the chain does not verify: {report}")
    print(f"sealed   {records:>9,} records in {sealing:6.2f} s ({records / sealing:>9,.0f}/s)")
    print(f"verified {records:>9,} records in {verifying:6.2f} s ({records / verifying:>9,.0f}/s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
