// Nothing to call: see CTestFolder.c.
