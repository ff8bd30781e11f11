# The script of the HTML report: its packages come from npm, its bundle is embedded in the program (viewer_files.S). npm is called
# again only when the list of packages changes. Without npm a report has tables and charts, but no script.
find_program(NPM_PROGRAM npm)
find_program(NODE_PROGRAM NAMES node nodejs)
if(NPM_PROGRAM AND NODE_PROGRAM)
    set(charts_default ON)
else()
    set(charts_default OFF)
endif()
option(HYBRIDSIM_CHARTS "interactive HTML reports; needs node and npm to build" ${charts_default})

set(viewer_source ${CMAKE_SOURCE_DIR}/reports/viewer)
set(viewer_build ${CMAKE_BINARY_DIR}/viewer)
set(viewer_styles ${viewer_source}/style.css ${viewer_source}/parts.css ${viewer_source}/print.css)
file(MAKE_DIRECTORY ${viewer_build})
if(HYBRIDSIM_CHARTS)
    file(GLOB viewer_scripts CONFIGURE_DEPENDS ${viewer_source}/src/*.js)
    add_custom_command(OUTPUT ${viewer_build}/packages.stamp
        COMMAND ${CMAKE_COMMAND} -E copy ${viewer_source}/package.json ${viewer_source}/package-lock.json ${viewer_build}
        COMMAND ${NPM_PROGRAM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
            || ${CMAKE_COMMAND} -E echo "npm ci failed: without network configure with -DHYBRIDSIM_CHARTS=OFF"
        COMMAND ${CMAKE_COMMAND} -E rename node_modules/.package-lock.json packages.stamp
        DEPENDS ${viewer_source}/package.json ${viewer_source}/package-lock.json
        WORKING_DIRECTORY ${viewer_build} COMMENT "Fetching the report viewer's packages from npm" VERBATIM)
    add_custom_command(OUTPUT ${viewer_build}/viewer.js ${viewer_build}/viewer.sha256
        COMMAND ${NODE_PROGRAM} ${viewer_source}/build.mjs ${viewer_build}
        DEPENDS ${viewer_build}/packages.stamp ${viewer_source}/build.mjs ${viewer_scripts}
        COMMENT "Bundling the report viewer" VERBATIM)
else()
    message(STATUS "HYBRIDSIM_CHARTS is OFF: HTML reports will have no script (node and npm build one that has)")
    set(viewer_build ${CMAKE_BINARY_DIR}/viewer-none)
    foreach(name viewer.js viewer.sha256)
        if(NOT EXISTS ${viewer_build}/${name})
            file(WRITE ${viewer_build}/${name} "")
        endif()
    endforeach()
endif()

target_sources(hs_reports PRIVATE ${viewer_source}/viewer_files.S)
set_source_files_properties(${viewer_source}/viewer_files.S PROPERTIES
    COMPILE_OPTIONS "-I${viewer_source};-I${viewer_build}"
    OBJECT_DEPENDS "${viewer_build}/viewer.js;${viewer_build}/viewer.sha256;${viewer_source}/page.html;${viewer_styles}")
