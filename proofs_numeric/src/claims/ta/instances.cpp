// SPDX-License-Identifier: Apache-2.0
#include "claims/ta/instances.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/claims/family.hpp>
#include <alignproof/claims/own_data.hpp>
#include <alignproof/network/activation_properties.hpp>

namespace alignproof::inline claims {

namespace {

/// relu: a run in which a pre-activation slides along 0 never closes, so this many seeds are tried.
constexpr std::size_t relu_seeds = 20;
constexpr std::size_t widest = 1 << 14;

struct Listed {
  CertificateCase certificate;
  std::vector<std::string> rows;  ///< beside TA
};

Search search_in(const Profile& profile) {
  Search search;
  search.kappa = profile.kappa;
  search.margin = profile.certificates.margin;
  return search;
}

/// T1 and T2 without a penalty, or T3 (T3N if psi is not linear) with one; in these rows. Of
/// backpropagation, where b has no part, T1 alone.
Listed proves(const Settings& settings, const std::string& id, const Data& data,
              const NetworkSpec& network, const std::vector<std::string>& rows,
              Rule rule = Rule::fa) {
  const bool aligns = network.penalty.lambda > 0;
  CertificateCase c;
  c.id = id, c.data = data, c.network = network;
  c.search = search_in(settings.profile);
  c.search.rule = rule;
  c.wanted = {aligns ? ForAllTime::alignment : ForAllTime::decay};
  if (!aligns && is_feedback_alignment(rule)) c.wanted.push_back(ForAllTime::no_alignment);
  c.premises = [data, aligns, rule](const NetworkSpec& found) {
    return aligns ? premises_of_cut(data, found, rule)
                  : premises_of_t1(data, found, rule, limit_kernel(found.activation, data.X));
  };
  return {c, rows};
}

/// The network as it is, and the same with a penalty that is cut.
std::vector<Listed> pair_of(const Settings& settings, const std::string& id, const Data& data,
                            NetworkSpec network, const Penalty& penalty, const std::string& row) {
  std::vector<Listed> pair = {proves(settings, id, data, network, {row, "T2"})};
  network.penalty = penalty;
  pair.push_back(proves(settings, id + "-cut", data, network, {theorem_of_cut(network)}));
  if (!smoothness<double>(network.activation).L2)
    for (Listed& each : pair) each.certificate.seeds = relu_seeds;
  return pair;
}

std::vector<Listed> on_the_sphere(const Settings& settings, Activation psi) {
  const CertificateSizes& sizes = settings.profile.certificates;
  const double lambda = settings.profile.lambda;
  const Data sphere = make_data(
      {Inputs::sphere, Targets::linear, sizes.n, sizes.d, settings.seed, Activation::tanh});
  // The sigmoid is flatter: it converges, and loses beta to the penalty, on a longer time.
  const bool flat = smoothness<double>(psi).L1 <= 0.25;
  const double slower = flat ? 1.5 : 1;
  const Penalty penalty{flat ? 0.3 * lambda : lambda,
                        static_cast<std::size_t>(slower * static_cast<double>(sizes.cut))};
  return pair_of(settings, std::string(to_string(psi)), sphere,
                 {sizes.p, psi, settings.profile.eta, {}, sizes.steps, 0}, penalty, "T1");
}

/// The only one of these that T3 speaks of: a linear network on orthonormal samples.
Listed isometric(const Settings& settings) {
  const CertificateSizes& sizes = settings.profile.certificates;
  const Data data = make_data(
      {Inputs::isometric, Targets::linear, sizes.n, sizes.n, settings.seed, Activation::identity});
  const Penalty penalty{settings.profile.lambda, sizes.cut};
  return proves(settings, "isometric-cut", data,
                {sizes.p, Activation::identity, settings.profile.eta, penalty, sizes.steps, 0},
                {"T3"});
}

/// Everything else that can be said of all time: T1 as published, the limit, times.
void ask_for_all(Search& search) {
  search.rows = search.limit = true;
  search.thresholds = {0.1, 1e-6};
}

/// Three outputs, and backpropagation: Theorem B holds of them too, from the initialisation.
std::vector<Listed> other_networks(const Settings& settings) {
  const CertificateSizes& sizes = settings.profile.certificates;
  DataSpec spec{Inputs::sphere, Targets::linear, sizes.n, sizes.d, settings.seed, Activation::tanh};
  const NetworkSpec network{sizes.p, Activation::tanh, settings.profile.eta, {}, sizes.steps, 0};
  const Data one = make_data(spec);
  spec.k = 3;
  std::vector<Listed> listed = {proves(settings, "tanh-k3", make_data(spec), network, {"T1", "T2"}),
                                proves(settings, "tanh-bp", one, network, {"T1"}, Rule::bp)};
  for (Listed& each : listed) ask_for_all(each.certificate.search);
  return listed;
}

/// Ten images of the ten classes of Fashion-MNIST, one-hot.
Listed ten_classes(const Settings& settings) {
  DataRequest request = settings.data->request();
  request.spec.k = 10;
  const Data images = settings.data->source().read(request).take(10);
  return proves(settings, "images-k10", images, {1000, Activation::tanh, 1, {}, 3000, 0},
                {"T1-img"});
}

std::vector<Listed> on_own_data(const Settings& settings, const Data& data) {
  const CertificateSizes& sizes = settings.profile.certificates;
  const bool images = settings.data->source().option == "--data";
  return pair_of(settings, images ? "images" : "data", data,
                 {sizes.p, Activation::tanh, 2.5 * settings.profile.eta, {}, 2 * sizes.steps, 0},
                 {settings.profile.lambda, sizes.cut / 2}, "T1-img");
}

/// Few samples: the least width at which Theorem A closes at t = 0.
Listed from_start(const Settings& settings, Activation psi, std::size_t n) {
  const Data few = make_data({Inputs::sphere, Targets::linear, n, 10, settings.seed, psi});
  Listed listed = proves(settings, fmt::format("{}-n{}-from-0", to_string(psi), n), few,
                         {widest, psi, settings.profile.eta, {}, 0, 0}, {"T1", "T2"});
  listed.certificate.from_start = true;
  listed.certificate.search.share = 1e-3;
  return listed;
}

/// T1 alone, by whatever form of Theorem A is the sharpest: at t = 0 beta may still move by more
/// than T2 allows.
Listed sharply_from_start(const Settings& settings, Activation psi, std::size_t n, std::size_t d) {
  const Data few = make_data({Inputs::sphere, Targets::linear, n, d, settings.seed, psi});
  Listed listed = proves(settings, fmt::format("{}-n{}-sharply-from-0", to_string(psi), n), few,
                         {widest, psi, settings.profile.eta, {}, 0, 0}, {"T1"});
  CertificateCase& c = listed.certificate;
  c.from_start = true;
  c.search.share = 1e-3;
  c.search.forms = {std::begin(all_closing_forms), std::end(all_closing_forms)};
  c.wanted = {ForAllTime::decay};
  ask_for_all(c.search);
  return listed;
}

std::vector<Listed> instances(Study& study) {
  const Settings& settings = study.settings();
  if (settings.profile.certificates.p == 0) return {};
  std::vector<Listed> all;
  const auto add = [&all](const std::vector<Listed>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  for (Activation psi : {Activation::tanh, Activation::sigmoid, Activation::erf,
                         Activation::identity, Activation::relu})
    add(on_the_sphere(settings, psi));
  add({isometric(settings)});
  if (const std::optional<Data>& data = study.own_data(settings.profile.certificates.image_count))
    add(on_own_data(settings, *data));
  const bool has_time = settings.profile.scale >= Scale::standard;
  if (has_time && settings.data && is_usual(*settings.data)) add({ten_classes(settings)});
  add(other_networks(settings));
  add({from_start(settings, Activation::identity, 2), from_start(settings, Activation::tanh, 1),
       from_start(settings, Activation::erf, 1),
       sharply_from_start(settings, Activation::tanh, 3, 30)});
  std::sort(all.begin(), all.end(),
            [](const Listed& a, const Listed& b) { return a.certificate.id < b.certificate.id; });
  return all;
}

/// How many seeds a family has.
std::size_t seeds_of_family(Scale scale) {
  switch (scale) {
    case Scale::self_test:
      return 2;
    case Scale::quick:
      return 5;
    case Scale::standard:
      return 20;
    case Scale::full:
      return 100;
  }
  throw std::logic_error("no such scale");
}

}  // namespace

std::vector<Handle<CertificateRecord>> want_families(Study& study) {
  const Settings& settings = study.settings();
  const CertificateSizes& sizes = settings.profile.certificates;
  if (sizes.p == 0) return {};
  const Data sphere = make_data(
      {Inputs::sphere, Targets::linear, sizes.n, sizes.d, settings.seed, Activation::tanh});
  return {want_family(
      study, {.id = "family",
              .data = sphere,
              .network = {sizes.p, Activation::tanh, settings.profile.eta, {}, sizes.steps, 0},
              .search = search_in(settings.profile),
              .seeds = seeds_of_family(settings.profile.scale)})};
}

std::vector<Handle<CertificateRecord>> want_certified_instances(Study& study,
                                                                std::string_view row) {
  std::vector<Handle<CertificateRecord>> handles;
  for (const Listed& listed : instances(study))
    if (row == "TA" || std::find(listed.rows.begin(), listed.rows.end(), row) != listed.rows.end())
      handles.push_back(want_certificate(study, listed.certificate));
  return handles;
}

Conclusion want_certified(Study& study, const std::string& id) {
  return [certificates = want_certified_instances(study, id)](ClaimRow& row) {
    add_certified(certificates, row);
  };
}

}  // namespace alignproof::inline claims
