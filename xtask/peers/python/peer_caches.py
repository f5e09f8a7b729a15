"""Times libCacheSim on the requests that peer-caches wrote; prints the same lines as it does."""

import sys
import time

import libcachesim

REQUESTS = 10_000_000
ROUNDS = 3

for room in [100_000, 10_000]:
    best, misses = float("inf"), 0.0
    for _ in range(ROUNDS):
        reader = libcachesim.TraceReader(
            trace=sys.argv[1],
            trace_type=libcachesim.TraceType.ORACLE_GENERAL_TRACE,
        )
        # A hash table of about twice as many places as objects: its default of 2^24 is slower here.
        cache = libcachesim.LRU(room, hashpower=(2 * room).bit_length())
        start = time.perf_counter()
        misses, _ = cache.process_trace(reader)
        best = min(best, time.perf_counter() - start)
    print(f"libCacheSim 0.3.5, LRU\t{room}\t{best * 1e9 / REQUESTS:.1f}\t{misses:.4f}")
