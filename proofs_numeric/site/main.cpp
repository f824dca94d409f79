// SPDX-License-Identifier: Apache-2.0
// alignproof-site TOP_FOLDER OUT_FOLDER: writes the documentation of the project as a site.
#include <exception>
#include <iostream>

#include "site/site.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: alignproof-site TOP_FOLDER OUT_FOLDER\n";
    return 2;
  }
  try {
    alignproof::site::write_site(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "alignproof-site: " << error.what() << "\n";
    return 2;
  }
}
