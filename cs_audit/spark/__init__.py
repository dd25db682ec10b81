"""`--engine spark`: the same judge on a cluster.

Spark carries pieces of tables from one machine to another, and knows nothing of what is in them: rules, readings and
tallies are the ones that judge on one machine, called on whole tickets. PySpark is imported in this package alone, and
only where that engine is asked for.

`reading` and `judging` run on the executors, `chain`, `sources`, `lake` and `tables` on the driver.
"""
