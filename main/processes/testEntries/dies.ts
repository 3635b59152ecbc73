/** An entry that does not come up. */
process.stderr.write('TypeError: no such luck\n');
process.exit(7);
