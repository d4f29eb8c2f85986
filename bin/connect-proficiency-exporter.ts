#!/usr/bin/env node
// What the package installs: the same command line, built. The other file is for the clone, where tsx compiles it.
import './proficiencies.ts';
