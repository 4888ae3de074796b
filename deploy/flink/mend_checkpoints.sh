#!/usr/bin/env bash
# Makes JARS/mended/: Beam's way to put off a source, compiled again so that checkpoints stay flat.
#
# Of Beam 2.62 every wait of a source, PeriodicImpulse for example, leaves a state with a name of its
# own in all later checkpoints: 6 kB each, 100 MB a day with one every five seconds
# (https://github.com/apache/beam/issues/27648; mended after that release by one name for all). Here
# the names recur: a source has one wait at a time, so 64 of them never meet.
set -euo pipefail
jars=$1
version=2.62.0
class=org/apache/beam/runners/fnexecution/control/BundleCheckpointHandlers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
  -Dartifact="org.apache.beam:beam-runners-java-fn-execution:$version:jar:sources" \
  -DoutputDirectory="$work"
(cd "$work" && jar xf ./*-sources.jar "$class.java")
old='private final IdGenerator idGenerator = IdGenerators.incrementingLongs();'
new='private long used;\n    private final IdGenerator idGenerator = () -> Long.toString(used++ % 64);'
grep -qF "$old" "$work/$class.java" # another version: look whether it is mended there
sed -i "s/$old/$new/" "$work/$class.java"
mkdir "$work/classes" "$jars/mended"
javac -nowarn -proc:none -Xlint:none -d "$work/classes" -cp "$jars/beam/*" "$work/$class.java" 2> "$work/said" \
  || { cat "$work/said" >&2; exit 1; }
jar cf "$jars/mended/beam-27648.jar" -C "$work/classes" .
