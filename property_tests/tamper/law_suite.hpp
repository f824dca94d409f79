// SPDX-License-Identifier: Apache-2.0
// Altered law certificates: accepted only where plain quadratures say that every value lies within
// its bounds, refuted only where one does not.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/law_certificate.hpp>

#include "check/ball.hpp"
#include "tamper/law_truth.hpp"
#include "tamper/orbit_cases.hpp"

namespace alignproof::tamper {

class LawSuite {
 public:
  /// What a failure is told to: what happened, and the certificate, if there is one.
  using Fail = std::function<void(const std::string& what, const LawCertificate* certificate)>;

  /// `checker` is the program that one altered certificate in 25 is also given to, or empty.
  /// `grade`: refusing what holds is no failure.
  LawSuite(Random& random, std::string checker, bool grade, Fail fail);

  /// So many altered certificates, and for each certificate that is altered those that lie by
  /// little in one bound.
  void altered(std::size_t cases);

 private:
  /// By how much, relatively, what is claimed lies within the truth; negative where it does not,
  /// and -1 where a premise does not hold.
  struct Room {
    double least;
    std::string of;
  };
  Room room(const LawCertificate& c);
  const truth::LawTruth& truth_of(const LawCertificate& c);
  LawCertificate random_certificate(const Activation& activation);
  void lie_by_little(const LawCertificate& base);
  void alter_one(const LawCertificate& base);
  check::Decision judge_one(const std::string& how, const LawCertificate& c,
                            const std::string& folder);
  void through_program(const std::string& folder, int expected);

  Random& random_;
  std::string checker_;
  bool grade_;
  Fail fail_;
  std::vector<std::pair<LawCertificate, truth::LawTruth>> known_;
  std::size_t altered_ = 0, accepted_ = 0, refuted_ = 0, undecided_ = 0, malformed_ = 0, near_ = 0,
              by_program_ = 0, unsound_ = 0, strict_ = 0;
  std::map<std::string, std::size_t> reasons_;  ///< of refusals, by condition
};

}  // namespace alignproof::tamper
