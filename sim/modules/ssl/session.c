/* session.c - ssl.SSLSession: what a connection may be resumed with. */
#include "sim/modules/ssl/ssl.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/replay.h"

static void session_release(struct vm *vm, struct object *object)
{
    (void)vm;
    SSL_SESSION_free(((struct session_object *)object)->session);
}

static void session_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct session_object *)object)->context);
}

value session_take(struct vm *vm, value connection)
{
    const SSL_SESSION *now = SSL_get0_session(connection_of(connection)->ssl);
    if (!now)
        return NONE;
    struct session_object *session = GC_NEW(vm, struct session_object, &ssl_session_type);
    if (!session)
        return VALUE_NULL;
    session->context = connection_of(connection)->context;
    session->session = SSL_SESSION_dup(now);
    return session->session ? object_value(session) : ssl_fail(vm, LINE_OTHER);
}

bool session_give(struct vm *vm, value v, value session)
{
    const struct connection_object *connection = connection_of(v);
    if (!is_exact(session, &ssl_session_type))
        raise_error(vm, &exc_TypeError, "Value is not a SSLSession.");
    else if (context_of(session_of(session)->context)->context != context_of(connection->context)->context)
        raise_error(vm, &exc_ValueError, "Session refers to a different SSLContext.");
    else if (connection->server)
        raise_error(vm, &exc_ValueError, "Cannot set session for server-side SSLSocket.");
    else if (SSL_is_init_finished(connection->ssl))
        raise_error(vm, &exc_ValueError, "Cannot set session after handshake.");
    if (vm->pending != VALUE_NULL)
        return false;
    SSL_SESSION *copy = SSL_SESSION_dup(session_of(session)->session);
    bool done = copy && SSL_set_session(connection->ssl, copy);
    SSL_SESSION_free(copy);
    if (!done)
        ssl_fail(vm, LINE_OTHER);
    return done;
}

static value session_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(a, &ssl_session_type) || !is_exact(b, &ssl_session_type) || (kind != COMPARE_EQ && kind != COMPARE_NE))
        return vm->not_implemented;
    unsigned x, y;
    const unsigned char *left = SSL_SESSION_get_id(session_of(a)->session, &x),
                        *right = SSL_SESSION_get_id(session_of(b)->session, &y);
    bool equal = a == b || (x == y && !memcmp(left, right, x));
    return bool_value(equal == (kind == COMPARE_EQ));
}

static value get_time(struct vm *vm, value self)
{
    return int_from_int64(vm, replay_number(vm->replay, SSL_SESSION_get_time(session_of(self)->session)));
}
static value get_timeout(struct vm *vm, value self)
{
    return int_from_int64(vm, SSL_SESSION_get_timeout(session_of(self)->session));
}
static value get_hint(struct vm *vm, value self)
{
    return int_from_uint64(vm, SSL_SESSION_get_ticket_lifetime_hint(session_of(self)->session));
}
static value get_id(struct vm *vm, value self)
{
    unsigned size;
    const unsigned char *id = SSL_SESSION_get_id(session_of(self)->session, &size);
    return bytes_from(vm, id, size);
}
static value get_has_ticket(struct vm *vm, value self)
{
    (void)vm;
    return bool_value(SSL_SESSION_has_ticket(session_of(self)->session));
}

static const struct property_definition properties[] = {{"has_ticket", get_has_ticket, NULL},
                                                        {"id", get_id, NULL},
                                                        {"ticket_lifetime_hint", get_hint, NULL},
                                                        {"time", get_time, NULL},
                                                        {"timeout", get_timeout, NULL},
                                                        {0}};
struct type ssl_session_type = {.name = "_ssl.SSLSession",
                                .flags = TYPE_GETATTR_PLAIN,
                                .instance_size = sizeof(struct session_object),
                                .trace = session_trace,
                                .release = session_release,
                                .compare = session_compare,
                                .properties = properties};
