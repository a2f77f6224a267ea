"""The workloads in SimPy: python simpy_peer.py <workload> <units>, prints units and seconds as JSON.

hold: 1,000 processes that wait for Exp(100 us) over and over; mm1: a store between arrivals every
Exp(1/0.9) and a server of Exp(1); phold: 1,000 processes with a mailbox each. All gaps are drawn
when they are needed.
"""

import json
import random
import sys
import time

import simpy

PENDING = 1000


def hold(units):
    env = simpy.Environment()
    state = {"done": 0}
    stop = env.event()

    def process():
        while True:
            yield env.timeout(random.expovariate(1 / 100))
            state["done"] += 1
            if state["done"] == units:
                stop.succeed()

    for _ in range(PENDING):
        env.process(process())
    env.run(stop)
    return state["done"], None


def mm1(units):
    env = simpy.Environment()
    line = simpy.Store(env)
    state = {"sum": 0.0}

    def arrivals():
        for _ in range(units):
            yield env.timeout(random.expovariate(0.9))
            yield line.put(env.now)

    def server():
        for _ in range(units):
            came = yield line.get()
            yield env.timeout(random.expovariate(1.0))
            state["sum"] += env.now - came

    env.process(arrivals())
    env.run(env.process(server()))
    return units, state["sum"] / units


def phold(units):
    env = simpy.Environment()
    boxes = [simpy.Store(env) for _ in range(PENDING)]
    state = {"done": 0}
    stop = env.event()

    def send(target):
        yield env.timeout(1 + random.expovariate(1.0))
        yield boxes[target].put(1)

    def process(me):
        while True:
            yield boxes[me].get()
            state["done"] += 1
            if state["done"] == units:
                stop.succeed()
            remote = random.random() < 0.25
            env.process(send(random.randrange(PENDING) if remote else me))

    for i in range(PENDING):
        env.process(process(i))
        env.process(send(i))
    env.run(stop)
    return state["done"], None


def main():
    workload, units = sys.argv[1], int(sys.argv[2])
    random.seed(1)
    start = time.perf_counter()
    done, mean = {"hold": hold, "mm1": mm1, "phold": phold}[workload](units)
    seconds = time.perf_counter() - start
    print(json.dumps({"units": done, "seconds": seconds, "mean": mean}))


main()
