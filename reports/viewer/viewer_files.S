/* viewer_files.S - what an HTML report consists of besides its data: see reports/viewer/viewer_files.h. */
        .section .rodata
        .globl viewer_page, viewer_page_end, viewer_style, viewer_style_end
        .globl viewer_script, viewer_script_end, viewer_hash, viewer_hash_end
viewer_page:
        .incbin "page.html"
viewer_page_end:
viewer_style:
        .incbin "style.css"
        .incbin "parts.css"
        .incbin "print.css"
viewer_style_end:
viewer_script:
        .incbin "viewer.js"
viewer_script_end:
viewer_hash:
        .incbin "viewer.sha256"
viewer_hash_end:
        .section .note.GNU-stack, "", %progbits
