/* termios.c - module termios: what the terminal behind a descriptor is set to, by the host's calls. */
#include "sim/modules/support.h"
#include "sim/modules/native_error.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>

#define FUNCTION(name)                                                                                                 \
    static value termios_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static bool descriptor_read(struct vm *vm, value v, int *out)
{
    int64_t number;
    if (!is_int(v)) {
        value method;
        int found = find_attribute(vm, v, intern_text(vm, "fileno"), &method);
        if (found == 0)
            raise_error(vm, &exc_TypeError, "argument must be an int, or have a fileno() method.");
        if (found <= 0)
            return false;
        v = call_0(vm, method);
        if (v != VALUE_NULL && !is_int(v))
            v = raise_error(vm, &exc_TypeError, "fileno() returned a non-integer");
    }
    if (v == VALUE_NULL || !value_to_int64(vm, v, &number))
        return false;
    if (number < 0)
        raise_error(vm, &exc_ValueError, "file descriptor cannot be a negative integer (%ld)", (long)number);
    else if (number > INT32_MAX)
        raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    else
        *out = (int)number;
    return number >= 0 && number <= INT32_MAX;
}

static value failed(struct vm *vm)
{
    int error = errno;
    value exception = call_2(vm, vm->termios_error, small_int(error), string_from_text(vm, strerror(error)));
    return exception == VALUE_NULL ? exception : raise_value(vm, exception);
}

FUNCTION(tcgetattr)
{
    UNUSED;
    int descriptor;
    struct termios mode;
    if (!descriptor_read(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    if (tcgetattr(descriptor, &mode) != 0)
        return failed(vm);
    value characters = list_new(vm, NCCS);
    for (int i = 0; characters != VALUE_NULL && i < NCCS; i++) {
        bool number = !(mode.c_lflag & ICANON) && (i == VMIN || i == VTIME);
        list_of(characters)->items[i] = number ? small_int(mode.c_cc[i]) : bytes_from(vm, &mode.c_cc[i], 1);
    }
    value items[] = {small_int(mode.c_iflag), small_int(mode.c_oflag), small_int(mode.c_cflag), small_int(mode.c_lflag),
                     small_int(cfgetispeed(&mode)), small_int(cfgetospeed(&mode)), characters};
    return characters == VALUE_NULL ? characters : list_from(vm, items, 7);
}

static bool characters_read(struct vm *vm, value list, cc_t out[NCCS])
{
    if (!has_flag(list, TYPE_LIST) || list_of(list)->length != NCCS) {
        raise_error(vm, &exc_TypeError, "tcsetattr: attributes[6] must be %d element list", NCCS);
        return false;
    }
    for (int i = 0; i < NCCS; i++) {
        value item = list_of(list)->items[i];
        int64_t number;
        if (is_bytes(item) && bytes_of(item)->length == 1) {
            out[i] = bytes_of(item)->data[0];
        } else if (!is_int(item)) {
            raise_error(vm, &exc_TypeError, "tcsetattr: elements of attributes must be characters or integers");
            return false;
        } else if (!value_to_int64(vm, item, &number)) {
            return false;
        } else {
            out[i] = (cc_t)number;
        }
    }
    return true;
}

FUNCTION(tcsetattr)
{
    UNUSED;
    int descriptor;
    int64_t when, numbers[6];
    struct termios mode;
    if (!descriptor_read(vm, arguments[0], &descriptor) || !value_to_index(vm, arguments[1], &when))
        return VALUE_NULL;
    value list = arguments[2];
    if (!has_flag(list, TYPE_LIST) || list_of(list)->length != 7)
        return raise_error(vm, &exc_TypeError, "tcsetattr, arg 3: must be 7 element list");
    if (tcgetattr(descriptor, &mode) != 0)
        return failed(vm);
    for (int i = 0; i < 6; i++)
        if (list_of(list)->length != 7 || !value_to_int64(vm, list_of(list)->items[i], &numbers[i]))
            return vm->pending != VALUE_NULL
                       ? VALUE_NULL
                       : raise_error(vm, &exc_TypeError, "tcsetattr, arg 3: must be 7 element list");
    mode.c_iflag = (tcflag_t)numbers[0];
    mode.c_oflag = (tcflag_t)numbers[1];
    mode.c_cflag = (tcflag_t)numbers[2];
    mode.c_lflag = (tcflag_t)numbers[3];
    if (!characters_read(vm, list_of(list)->items[6], mode.c_cc))
        return VALUE_NULL;
    if (cfsetispeed(&mode, (speed_t)numbers[4]) != 0 || cfsetospeed(&mode, (speed_t)numbers[5]) != 0 ||
        tcsetattr(descriptor, (int)when, &mode) != 0)
        return failed(vm);
    return NONE;
}

static value with_number(struct vm *vm, const value *arguments, int (*run)(int descriptor, int number))
{
    int descriptor;
    int64_t number;
    if (!descriptor_read(vm, arguments[0], &descriptor) || !value_to_index(vm, arguments[1], &number))
        return VALUE_NULL;
    return run(descriptor, (int)number) ? failed(vm) : NONE;
}

FUNCTION(tcsendbreak) { UNUSED; return with_number(vm, arguments, tcsendbreak); }
FUNCTION(tcflush) { UNUSED; return with_number(vm, arguments, tcflush); }
FUNCTION(tcflow) { UNUSED; return with_number(vm, arguments, tcflow); }

FUNCTION(tcdrain)
{
    UNUSED;
    int descriptor;
    if (!descriptor_read(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    return tcdrain(descriptor) ? failed(vm) : NONE;
}

FUNCTION(tcgetwinsize)
{
    UNUSED;
    int descriptor;
    struct winsize size;
    if (!descriptor_read(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return failed(vm);
    return tuple_pack(vm, 2, small_int(size.ws_row), small_int(size.ws_col));
}

FUNCTION(tcsetwinsize)
{
    UNUSED;
    int descriptor;
    int64_t rows, columns;
    struct winsize size;
    if (!descriptor_read(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    value sequence = is_int(arguments[1]) ? VALUE_NULL : tuple_from_iterable(vm, arguments[1]);
    exception_clear(vm);
    if (sequence == VALUE_NULL || tuple_of(sequence)->length != 2)
        return raise_error(vm, &exc_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
    if (!value_to_int64(vm, tuple_of(sequence)->items[0], &rows) || !value_to_int64(vm, tuple_of(sequence)->items[1], &columns))
        return VALUE_NULL;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return failed(vm);
    size.ws_row = (unsigned short)rows;
    size.ws_col = (unsigned short)columns;
    if (size.ws_row != rows || size.ws_col != columns)
        return raise_error(vm, &exc_OverflowError, "winsize value(s) out of range.");
    return ioctl(descriptor, TIOCSWINSZ, &size) ? failed(vm) : NONE;
}

static const struct method_definition functions[] = {
    {"tcgetattr", "(fd, /)", termios_tcgetattr, 0, NULL},
    {"tcsetattr", "(fd, when, attributes, /)", termios_tcsetattr, 0, NULL},
    {"tcsendbreak", "(fd, duration, /)", termios_tcsendbreak, 0, NULL},
    {"tcdrain", "(fd, /)", termios_tcdrain, 0, NULL},
    {"tcflush", "(fd, queue, /)", termios_tcflush, 0, NULL},
    {"tcflow", "(fd, action, /)", termios_tcflow, 0, NULL},
    {"tcgetwinsize", "(fd, /)", termios_tcgetwinsize, 0, NULL},
    {"tcsetwinsize", "(fd, winsize, /)", termios_tcsetwinsize, 0, NULL},
    {0},
};

/* Some are in headers of the kernel only, or nowhere any more. */
#define C(name) {#name, name}
static const struct integer_constant constants[] = {
    C(B0), C(B1000000), C(B110), C(B115200), C(B1152000), C(B1200), C(B134), C(B150), C(B1500000), C(B1800),
    C(B19200), C(B200), C(B2000000), C(B230400), C(B2400), C(B2500000), C(B300), C(B3000000), C(B3500000), C(B38400),
    C(B4000000), C(B460800), C(B4800), C(B50), C(B500000), C(B57600), C(B576000), C(B600), C(B75), C(B921600),
    C(B9600), C(BRKINT), C(BS0), C(BS1), C(BSDLY), C(CBAUD), C(CBAUDEX), C(CDSUSP), C(CEOF), C(CEOL), C(CEOT),
    C(CERASE), C(CFLUSH), C(CIBAUD), C(CINTR), C(CKILL), C(CLNEXT), C(CLOCAL), C(CQUIT), C(CR0), C(CR1), C(CR2),
    C(CR3), C(CRDLY), C(CREAD), C(CRPRNT), C(CRTSCTS), C(CS5), C(CS6), C(CS7), C(CS8), C(CSIZE), C(CSTART), C(CSTOP),
    C(CSTOPB), C(CSUSP), C(CWERASE), C(ECHO), C(ECHOCTL), C(ECHOE), C(ECHOK), C(ECHOKE), C(ECHONL), C(ECHOPRT),
    C(EXTA), C(EXTB), C(FF0), C(FF1), C(FFDLY), C(FIOASYNC), C(FIOCLEX), C(FIONBIO), C(FIONCLEX), C(FIONREAD),
    C(FLUSHO), C(HUPCL), C(ICANON), C(ICRNL), C(IEXTEN), C(IGNBRK), C(IGNCR), C(IGNPAR), C(IMAXBEL), C(INLCR),
    C(INPCK), C(IOCSIZE_MASK), C(IOCSIZE_SHIFT), C(ISIG), C(ISTRIP), C(IUCLC), C(IXANY), C(IXOFF), C(IXON), C(NCC),
    C(NCCS), C(NL0), C(NL1), C(NLDLY), C(NOFLSH), C(N_MOUSE), C(N_PPP), C(N_SLIP), C(N_STRIP), C(N_TTY), C(OCRNL),
    C(OFDEL), C(OFILL), C(OLCUC), C(ONLCR), C(ONLRET), C(ONOCR), C(OPOST), C(PARENB), C(PARMRK), C(PARODD), C(PENDIN),
    C(TAB0), C(TAB1), C(TAB2), C(TAB3), C(TABDLY), C(TCFLSH), C(TCGETA), C(TCGETS), C(TCIFLUSH), C(TCIOFF),
    C(TCIOFLUSH), C(TCION), C(TCOFLUSH), C(TCOOFF), C(TCOON), C(TCSADRAIN), C(TCSAFLUSH), C(TCSANOW), C(TCSBRK),
    C(TCSBRKP), C(TCSETA), C(TCSETAF), C(TCSETAW), C(TCSETS), C(TCSETSF), C(TCSETSW), C(TCXONC), C(TIOCCONS),
    C(TIOCEXCL), C(TIOCGETD), C(TIOCGICOUNT), C(TIOCGLCKTRMIOS), C(TIOCGPGRP), C(TIOCGSERIAL), C(TIOCGSOFTCAR),
    C(TIOCGWINSZ), C(TIOCINQ), C(TIOCLINUX), C(TIOCMBIC), C(TIOCMBIS), C(TIOCMGET), C(TIOCMIWAIT), C(TIOCMSET),
    C(TIOCM_CAR), C(TIOCM_CD), C(TIOCM_CTS), C(TIOCM_DSR), C(TIOCM_DTR), C(TIOCM_LE), C(TIOCM_RI), C(TIOCM_RNG),
    C(TIOCM_RTS), C(TIOCM_SR), C(TIOCM_ST), C(TIOCNOTTY), C(TIOCNXCL), C(TIOCOUTQ), C(TIOCPKT), C(TIOCPKT_DATA),
    C(TIOCPKT_DOSTOP), C(TIOCPKT_FLUSHREAD), C(TIOCPKT_FLUSHWRITE), C(TIOCPKT_NOSTOP), C(TIOCPKT_START),
    C(TIOCPKT_STOP), C(TIOCSCTTY), C(TIOCSERCONFIG), C(TIOCSERGETLSR), C(TIOCSERGETMULTI), C(TIOCSERGSTRUCT),
    C(TIOCSERGWILD), C(TIOCSERSETMULTI), C(TIOCSERSWILD), C(TIOCSER_TEMT), C(TIOCSETD), C(TIOCSLCKTRMIOS),
    C(TIOCSPGRP), C(TIOCSSERIAL), C(TIOCSSOFTCAR), C(TIOCSTI), C(TIOCSWINSZ), C(TOSTOP), C(VDISCARD), C(VEOF),
    C(VEOL), C(VEOL2), C(VERASE), C(VINTR), C(VKILL), C(VLNEXT), C(VMIN), C(VQUIT), C(VREPRINT), C(VSTART), C(VSTOP),
    C(VSUSP), C(VSWTC), {"VSWTCH", 7}, C(VT0), C(VT1), C(VTDLY), C(VTIME), C(VWERASE), C(XCASE), C(XTABS), {0}};
#undef C

static bool termios_initialize(struct vm *vm, value module)
{
    return native_error_make(vm, module, "error", "termios", &exc_Exception, &vm->termios_error) &&
           support_add_constants(vm, module, constants);
}

const struct native_module termios_module = {"termios", termios_initialize, functions};
