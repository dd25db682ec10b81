"""Spark, started if it is not running already; where it runs is the affair of its own settings."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cs_audit.errors import UsageError
from cs_audit.worded import verbatim, worded

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_WHERE = "--engine spark"
_SUBMITTED = "PYSPARK_GATEWAY_PORT"
"""Set where spark-submit has started Java already, with settings of its user's own."""
_OURS = {"spark.sql.caseSensitive": "true", "spark.sql.legacy.parquet.nanosAsLong": "true"}
"""Columns are told apart as on one machine, and nanoseconds are read."""


def check() -> None:
    """Demand, before anything is read, what the engine stands on.

    Raises:
        UsageError: PySpark or Java is missing, or Spark is asked for from afar.
    """
    if find_spec("pyspark") is None or find_spec("pyarrow") is None or find_spec("pandas") is None:
        raise UsageError(
            worded("PySpark is not installed"), where=_WHERE, hint=worded("type: pip install 'cs-audit[spark]'")
        )
    if "SPARK_REMOTE" in os.environ:
        raise UsageError(
            worded("Spark Connect is not served"), where="SPARK_REMOTE", hint=worded("unset it, and name a --master")
        )
    if _SUBMITTED in os.environ:
        return
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=os.path.join(home, "bin") if home else None) is None:  # noqa: PTH118 - a search path
        raise UsageError(
            worded("Java is not installed"), where=_WHERE, hint=worded("install Java 17 or 21, or set JAVA_HOME")
        )


def builder() -> SparkSession.Builder:
    """How a session for audits is made: each worker of Python computes on one core, for Spark owns the others."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only where this engine is asked for

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    made = SparkSession.builder.appName("cs-audit").config("spark.executorEnv.POLARS_MAX_THREADS", "1")
    return made if _SUBMITTED in os.environ else made.config("spark.ui.showConsoleProgress", "false")


@contextmanager
def started() -> Iterator[SparkSession]:
    """The session that is running, or one that is stopped afterwards.

    Raises:
        UsageError: Spark does not start.
    """
    from pyspark import SparkContext  # noqa: PLC0415 - only where this engine is asked for
    from pyspark.errors import PySparkException  # noqa: PLC0415

    check()
    running = SparkContext._active_spark_context is not None  # noqa: SLF001 - there is no public way to ask
    try:
        spark = builder().getOrCreate()
    except (PySparkException, OSError) as error:
        first = (str(error).splitlines() or [""])[0][:200]
        hint = worded("its own message stands above; see examples/spark for settings that work")
        problem = worded("Spark does not start ({told})", told=verbatim(first))
        raise UsageError(problem, where=_WHERE, hint=hint) from None
    for name, value in _OURS.items():
        spark.conf.set(name, value)
    if not spark.sparkContext.getConf().contains("spark.log.level"):
        spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        if not running:
            spark.stop()
