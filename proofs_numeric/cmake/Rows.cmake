# SPDX-License-Identifier: Apache-2.0
# Tables whose rows are files: FOLDER/NAME.cpp defines TYPE NAMESPACE::NAME(), and nothing else lists it.
#   alignproof_rows(SOURCES FOLDER TYPE NAMESPACE LAYER/HEADER)
# sets SOURCES to these files and one that is made, with alignproof::NAMESPACE::all(): a vector of the rows, by NAME.
function(alignproof_rows variable folder type namespace header)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp)
  list(SORT sources)
  get_filename_component(layer ${header} DIRECTORY)
  set(declared)
  set(called)
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    string(APPEND declared "${type} ${name}();\n")
    string(APPEND called "${name}(), ")
  endforeach()
  set(table ${CMAKE_CURRENT_BINARY_DIR}/${namespace}_table.cpp)
  file(CONFIGURE OUTPUT ${table} CONTENT "// Made by proofs_numeric/cmake/Rows.cmake: a line a file of ${folder}/.
#include <vector>

#include <alignproof/${header}>

namespace alignproof::inline ${layer}::${namespace} {
${declared}
std::vector<${type}> all() {
  return {${called}};
}

}  // namespace alignproof::inline ${layer}::${namespace}
" @ONLY)
  set(${variable} ${sources} ${table} PARENT_SCOPE)
endfunction()
