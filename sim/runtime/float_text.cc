// float_text.cc - doubles to their shortest text and back through the C++ library, whose results are CPython's to the bit.
#include <charconv>
#include <cstddef>

extern "C" {
size_t float_shortest(double d, char out[40]);
size_t float_shortest_single(float f, char out[40]);
bool float_from_text(const char *text, size_t size, double *out);
}

size_t float_shortest(double d, char out[40])
{
    return static_cast<size_t>(std::to_chars(out, out + 40, d, std::chars_format::scientific).ptr - out);
}

size_t float_shortest_single(float f, char out[40])
{
    return static_cast<size_t>(std::to_chars(out, out + 40, f, std::chars_format::scientific).ptr - out);
}

// False when the number is out of range or the text is not one number.
bool float_from_text(const char *text, size_t size, double *out)
{
    const auto result = std::from_chars(text, text + size, *out);
    return result.ec == std::errc() && result.ptr == text + size;
}
