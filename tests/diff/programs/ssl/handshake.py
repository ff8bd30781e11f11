"""Module ssl without a network: both sides of TLS connections over memory buffers."""
import os
import ssl
import test
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
FOLDER = os.path.join(os.path.dirname(test.__file__), "")


def server_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER + "keycert3.pem")
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


def client_context():
    context = ssl.create_default_context(cafile=FOLDER + "pycacert.pem")
    context.set_alpn_protocols(["http/1.1"])
    return context


def connect(client, server, host="localhost", session=None):
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host, session=session)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    errors = []
    for side in [near, far] * 4:
        try:
            side.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLError) as error:
            if not isinstance(error, ssl.SSLWantReadError):
                errors.append(error)
    return near, far, errors


near, far, errors = connect(client_context(), server_context())
print(errors, near.version(), near.cipher(), far.cipher(), near.selected_alpn_protocol(), far.selected_alpn_protocol())
print(near.getpeercert()["subject"], far.getpeercert(), len(near.getpeercert(True)), near.server_side, far.server_side)
print(near.server_hostname, near.compression(), near.pending(), far.shared_ciphers()[0], near.shared_ciphers())
print(near.write(b"hello"), far.read(10))
print(far.write(b"x" * 100), near.read(30), near.pending(), len(near.read()))
buffer = bytearray(10)
far.write(b"0123456789abc")
print(near.read(5, buffer), buffer, near.read(100, buffer), buffer)
try:
    near.read(4)
except ssl.SSLWantReadError as error:
    print(error, error.args, error.reason, error.library, error.errno == ssl.SSL_ERROR_WANT_READ)
try:
    near.unwrap()
except ssl.SSLWantReadError as error:
    print("unwrapping", error.errno)
print(far.read(4))
far.unwrap()
near.unwrap()
try:
    near.write(b"x")
except ssl.SSLError as error:
    print(type(error).__name__, error.reason, error.library)

# the certificate is for somebody else, or nobody trusts it
for context, host in [(client_context(), "example.org"), (client_context(), "127.0.0.1"),
        (ssl.create_default_context(cadata=open(FOLDER + "keycert.pem").read()[1700:] or None), "localhost")]:
    near, far, errors = connect(context, server_context(), host)
    print([(type(error).__name__, str(error), error.reason, getattr(error, "verify_code", None), getattr(error,
          "verify_message", None)) for error in errors][:1])

# no verification, other versions
for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    near, far, errors = connect(context, server_context(), None)
    print(errors, near.version(), near.getpeercert(), near.server_hostname, near.selected_alpn_protocol(), near.session_reused)
    if version == ssl.TLSVersion.TLSv1_2:
        print(near.cipher(), near.get_channel_binding() == far.get_channel_binding(), len(near.get_channel_binding()))
        again, far, errors = connect(context, server := far.context, None, near.session)
        print(again.session_reused, again.session == near.session, len(near.session.id), near.session.has_ticket,
              near.session.timeout)
        print({name: number for name, number in server.session_stats().items() if number})

context = server_context()
context.minimum_version = ssl.TLSVersion.TLSv1_3
old = client_context()
old.maximum_version = ssl.TLSVersion.TLSv1_2
near, far, errors = connect(old, context)
print([(error.reason, str(error)) for error in errors])


# server name indication
def named(connection, name, context):
    print("named", type(connection).__name__, name, context is first)
    connection.context = second
    return None if name == "localhost" else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


first, second = server_context(), server_context()
first.sni_callback = named
for host in ["localhost", "else.example"]:
    near, far, errors = connect(client_context(), first, host)
    print([(error.reason, str(error)) for error in errors], far.context is second)

# client certificates
context = server_context()
context.verify_mode = ssl.CERT_REQUIRED
context.load_verify_locations(FOLDER + "pycacert.pem")
client = client_context()
client.load_cert_chain(FOLDER + "keycert4.pem")
near, far, errors = connect(client, context)
far.read if errors else None
print(errors, far.getpeercert()["subject"][-1])
near, far, errors = connect(client_context(), context)
print([(type(error).__name__, error.reason) for error in errors])
print(len(ssl.RAND_bytes(20)), ssl.RAND_status(), ssl.RAND_bytes(8) == ssl.RAND_bytes(8))
