/* viewer_files.h - files embedded in the program: page.html with marks for the others, the styles, the bundled script (empty when
 * built without HYBRIDSIM_CHARTS), and the script's SHA-256 in base 64, by which the page's policy allows it. Not
 * zero-terminated. */
#ifndef HYBRIDSIM_REPORTS_VIEWER_FILES_H
#define HYBRIDSIM_REPORTS_VIEWER_FILES_H

extern const char viewer_page[], viewer_page_end[];
extern const char viewer_style[], viewer_style_end[];
extern const char viewer_script[], viewer_script_end[];
extern const char viewer_hash[], viewer_hash_end[];

#endif
