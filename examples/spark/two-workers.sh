#!/usr/bin/env bash
# A cluster of one master and two workers on this machine, from the Spark that pip installed. Ctrl-C ends it.
set -euo pipefail
home="$(python3 -c 'import pyspark; print(pyspark.__path__[0])')"
trap 'kill $(jobs -p)' EXIT
export SPARK_NO_DAEMONIZE=1
"$home/bin/spark-class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port 7077 --webui-port 0 &
for _ in 1 2; do
  "$home/bin/spark-class" org.apache.spark.deploy.worker.Worker --cores 1 --memory 2g --webui-port 0 spark://127.0.0.1:7077 &
done
wait
