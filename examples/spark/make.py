"""Make the sample: the messages of the quickstart's desk as two Parquet files, in no order.

python examples/spark/make.py
"""

from pathlib import Path

import polars as pl

HERE = Path(__file__).parent
FILES = 2


def main() -> None:
    """Write messages-1.parquet and messages-2.parquet beside this file."""
    rows = pl.read_csv(HERE.parent / "quickstart" / "en" / "messages.csv", infer_schema=False)
    rows = rows.with_columns(pl.col("occurred_at").str.to_datetime(time_zone="UTC"))
    mixed = rows.sample(fraction=1, shuffle=True, seed=1)
    for number in range(FILES):
        mixed.gather_every(FILES, number).write_parquet(HERE / f"messages-{number + 1}.parquet")


if __name__ == "__main__":
    main()
