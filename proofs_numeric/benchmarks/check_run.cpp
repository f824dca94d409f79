// SPDX-License-Identifier: Apache-2.0
// alignproof-check's work on certificates from the initialisation, without reading files: one of
// n = 20, p = 2000, T = 90 in balls of 128 bits and from 64 bits on, on one thread and on two; and
// certificates of n = 3, p = 200, proposed and checked.
#include <benchmark/benchmark.h>

#include <stdexcept>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/network/data.hpp>

#include "check/threads.hpp"
#include "check/verify.hpp"

namespace {

using namespace alignproof;

RunCertificate proposed(std::size_t n, std::size_t d, std::size_t p, std::size_t first,
                        std::uint64_t seed) {
  NetworkSpec network;
  network.p = p;
  network.eta = 0.2;
  network.steps = 400;
  network.seed = seed;
  Search search;
  search.first = first;
  const Data data = make_data({Inputs::sphere, Targets::linear, n, d});
  auto proposal = propose_certificate(make_instance(data, network), search, true_step<double>());
  if (!proposal.certificate) throw std::runtime_error(proposal.obstacle);
  return std::move(*proposal.certificate);
}

void must_be_proved(const RunCertificate& certificate, long first_bits) {
  if (check::verify(certificate, first_bits, 1024).decision != check::Decision::proved)
    throw std::runtime_error("not proved");
}

/// Arguments: first precision, threads.
void check_run(benchmark::State& timer) {
  static const RunCertificate certificate = proposed(20, 100, 2000, 90, 1);
  check::use_threads(static_cast<std::size_t>(timer.range(1)));
  for (auto _ : timer) must_be_proved(certificate, timer.range(0));
  check::use_threads(1);
  timer.SetLabel("tanh n=20 p=2000 T=" + std::to_string(certificate.leg.checkpoint));
}

void check_small(benchmark::State& timer) {
  std::uint64_t seed = 0;
  for (auto _ : timer) must_be_proved(proposed(3, 30, 200, 0, ++seed), check::first_precision);
  timer.SetLabel("tanh n=3 p=200, one each");
}

BENCHMARK(check_run)
    ->Unit(benchmark::kMillisecond)
    ->ArgNames({"bits", "threads"})
    ->Args({128, 1})
    ->Args({64, 1})
    ->Args({64, 2})
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(check_small)->Unit(benchmark::kMillisecond)->Iterations(100);

}  // namespace
