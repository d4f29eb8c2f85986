#!/usr/bin/env tsx
const x: number = 1;
console.log('hello', x, process.argv, process.version);
