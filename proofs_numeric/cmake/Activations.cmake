# SPDX-License-Identifier: Apache-2.0
# alignproof_list_activations(FOLDER GLOB TEMPLATE OUTPUT FILES): every activation is one file. FILES
# becomes all of them, and OUTPUT a list of them: each line of the template that holds {name} once for
# each, the others once; ^ stands for a semicolon. A new file is seen by the next build.
function(alignproof_list_activations)
  cmake_parse_arguments(ARG "" "FOLDER;GLOB;OUTPUT;FILES" "TEMPLATE" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS ${ARG_FOLDER}/${ARG_GLOB})
  set(text "// Made by CMake from the files of ${ARG_GLOB}.\n")
  # A line of the template with {name} stands once for each activation, other lines once.
  foreach(line IN LISTS ARG_TEMPLATE)
    if(line MATCHES "{name}")
      foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        string(REPLACE "{name}" "${name}" one "${line}")
        string(APPEND text "${one}\n")
      endforeach()
    else()
      string(APPEND text "${line}\n")
    endif()
  endforeach()
  string(REPLACE "^" ";" text "${text}")  # a semicolon would end a line of the template
  file(CONFIGURE OUTPUT ${ARG_OUTPUT} CONTENT "${text}" @ONLY)
  if(ARG_FILES)
    set(${ARG_FILES} ${files} PARENT_SCOPE)
  endif()
endfunction()
