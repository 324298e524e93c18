#!/bin/sh
# nightly copy of the share; clock of this box is UTC
rsync -a /share/ backup@198.51.100.200:/b/
