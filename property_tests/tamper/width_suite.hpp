// SPDX-License-Identifier: Apache-2.0
// Altered width certificates: accepted only where 300 digits say that every inequality holds,
// refuted only where one does not.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include <alignproof/format/width_certificate.hpp>

#include "tamper/orbit_cases.hpp"
#include "tamper/width_truth.hpp"

namespace alignproof::tamper {

class WidthSuite {
 public:
  /// What a failure is told to: what happened, and the certificate, if there is one.
  using Fail = std::function<void(const std::string& what, const WidthCertificate* certificate)>;

  /// `checker` is the program that one altered certificate in 25 is also given to, or empty.
  /// `grade`: refusing what holds is no failure.
  WidthSuite(Random& random, std::string checker, bool grade, Fail fail);

  /// So many altered certificates.
  void altered(std::size_t cases);
  /// Every number of so many certificates, moved to where it is no longer accepted.
  void bisected(std::size_t certificates);

 private:
  void alter_one(const WidthCertificate& base);
  void judge_one(const std::string& how, const WidthCertificate& c, const std::string& folder);
  void through_program(const std::string& folder, int expected);
  void too_strict(const std::string& what, const WidthCertificate& c);

  Random& random_;
  std::string checker_;
  bool grade_;
  Fail fail_;
  truth::WidthJudge judge_;
  std::size_t made_ = 0, altered_ = 0, accepted_ = 0, refuted_ = 0, undecided_ = 0, malformed_ = 0,
              near_ = 0, by_program_ = 0, unsound_ = 0, strict_ = 0;
  std::map<std::string, std::size_t> reasons_;  ///< of refusals, by condition
};

}  // namespace alignproof::tamper
