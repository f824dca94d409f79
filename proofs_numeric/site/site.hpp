// SPDX-License-Identifier: Apache-2.0
// The documentation as a folder of HTML pages, which a browser opens from the disk: README.md,
// CONTRIBUTING.md, CHANGELOG.md and reports/docs/*.md at the places where they stand in the
// project, with the figures and source files that they link to.
#pragma once

#include <filesystem>

namespace alignproof::site {

/// Writes the site of the project in `top` to the folder `out`, which it replaces if it is a site.
/// Throws std::runtime_error on a link to nothing, on a page that the list of pages in
/// reports/docs/README.md lacks, and where `out` is something else than a site.
void write_site(const std::filesystem::path& top, const std::filesystem::path& out);

}  // namespace alignproof::site
