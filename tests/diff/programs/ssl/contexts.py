"""Module ssl: contexts, constants, certificates, buffers and errors."""
import os
import ssl
import tempfile
import test
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
FOLDER = os.path.join(os.path.dirname(test.__file__), "")


def trial(function, *arguments, **named):
    try:
        print(function(*arguments, **named))
    except Exception as error:
        print(type(error).__name__, error, error.args, getattr(error, "reason", "-"), getattr(error, "library", "-"))


print(ssl.OPENSSL_VERSION, ssl.OPENSSL_VERSION_INFO, hex(ssl.OPENSSL_VERSION_NUMBER), ssl.get_default_verify_paths())
print(list(ssl.Options), list(ssl.VerifyFlags), list(ssl.AlertDescription)[:5], list(ssl.SSLErrorNumber), list(ssl.TLSVersion))
print(sorted(name for name in dir(ssl) if name.isupper()))
print(ssl.HAS_SNI, ssl.HAS_TLSv1_3, ssl.HAS_ALPN, ssl.HAS_SSLv3, ssl.HAS_NPN)
for protocol in [ssl.PROTOCOL_TLS, ssl.PROTOCOL_TLS_CLIENT, ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLSv1_2]:
    context = ssl.SSLContext(protocol)
    print(context.protocol, context.verify_mode, context.check_hostname, context.options, context.verify_flags,
          context.minimum_version,
          context.maximum_version, context.num_tickets, context.security_level, context.post_handshake_auth,
          context.sni_callback,
          context.hostname_checks_common_name, context.cert_store_stats(), context.session_stats(), context.keylog_filename)
    print([cipher["name"] for cipher in context.get_ciphers()][:8], len(context.get_ciphers()), context.get_ciphers()[3])
    trial(setattr, context, "minimum_version", ssl.TLSVersion.TLSv1_2)
    trial(setattr, context, "num_tickets", 5)
    trial(setattr, context, "sni_callback", print)

context = ssl.create_default_context()
print(context.verify_mode, context.check_hostname, context.cert_store_stats()["x509"] >= 0)
trial(setattr, context, "verify_mode", ssl.CERT_NONE)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.check_hostname = True
print(context.verify_mode)
context.hostname_checks_common_name = False
print(context.hostname_checks_common_name, context._host_flags)
context.options |= ssl.OP_NO_TICKET
context.options &= ~ssl.OP_ALL
print(context.options)
context.verify_flags = ssl.VERIFY_X509_STRICT
print(context.verify_flags)
context.post_handshake_auth = True
print(context.post_handshake_auth)
context.set_ciphers("AESGCM")
print([cipher["name"] for cipher in context.get_ciphers()][:6])
for name, item in [("verify_mode", 9), ("verify_mode", "x"), ("options", "x"), ("minimum_version", 5), ("maximum_version",
        0x303),
                   ("num_tickets", -1), ("sni_callback", None)]:
    trial(setattr, context, name, item)
for action in [lambda: context.set_ciphers("nothing"), lambda: context.set_ciphers(3),
        lambda: context.set_ecdh_curve("prime256v1"),
               lambda: context.set_ecdh_curve("x"), lambda: context.set_alpn_protocols(["a", "b" * 300]),
               lambda: ssl.SSLContext(77),
               lambda: ssl.SSLContext("x"), lambda: context.load_verify_locations(), lambda: context.load_verify_locations(3),
               lambda: context.load_verify_locations(cadata="x"), lambda: context.load_verify_locations(cadata=b"x"),
               lambda: context.load_verify_locations(cadata="\xe9"), lambda: context.load_verify_locations(cadata=""),
               lambda: context.load_verify_locations("/nowhere"), lambda: context.load_verify_locations(FOLDER + "__init__.py"),
               lambda: context.load_cert_chain("/nowhere"), lambda: context.load_cert_chain(FOLDER + "badcert.pem"),
               lambda: context.load_cert_chain(FOLDER + "ssl_cert.pem"),
               lambda: context.load_cert_chain(FOLDER + "ssl_cert.pem", FOLDER + "badkey.pem"),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password="somepass"),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password=lambda: b"somepass"),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password="wrong"),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password=7),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password=lambda: 7),
               lambda: context.load_cert_chain(FOLDER + "keycert.passwd.pem", password=lambda: 1 // 0),
               lambda: context.load_dh_params(FOLDER + "ffdh3072.pem"), lambda: context.load_dh_params(FOLDER + "keycert.pem"),
               lambda: context.load_dh_params("/nowhere"), lambda: context.wrap_bio(1, 2), lambda: ssl.RAND_bytes(-1),
               lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=""),
               lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=".a"),
               lambda: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO()).do_handshake(), lambda: ssl.SSLObject(),
               lambda: ssl.SSLSocket()]:
    trial(action)

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.load_verify_locations(FOLDER + "pycacert.pem")
context.load_verify_locations(cadata=open(FOLDER + "keycert.pem").read())
context.load_verify_locations(cadata=ssl.PEM_cert_to_DER_cert(open(FOLDER + "ssl_cert.pem").read()))
print(context.cert_store_stats(), context.get_ca_certs(), [len(der) for der in context.get_ca_certs(binary_form=True)])
for name in ["allsans.pem", "nokia.pem", "nullbytecert.pem", "talos-2019-0758.pem", "keycertecc.pem", "idnsans.pem"]:
    trial(ssl._ssl._test_decode_cert, FOLDER + name)
der = ssl.PEM_cert_to_DER_cert(open(FOLDER + "ssl_cert.pem").read())
print(len(der), ssl.PEM_cert_to_DER_cert(ssl.DER_cert_to_PEM_cert(der)) == der,
      ssl.cert_time_to_seconds("Jan  5 09:34:43 2018 GMT"))
print(ssl.Purpose.SERVER_AUTH, ssl._ASN1Object("1.3.6.1.5.5.7.3.1"), ssl._ASN1Object.fromnid(129),
      ssl._ASN1Object.fromname("serverAuth"))
for action in [lambda: ssl._ASN1Object.fromnid(100000), lambda: ssl._ASN1Object.fromname("xxx"),
        lambda: ssl._ASN1Object("serverAuth"),
               lambda: ssl._ASN1Object.fromnid(-1)]:
    trial(action)

bio = ssl.MemoryBIO()
print(bio.read(), bio.eof, bio.pending, bio.write(b"hello"), bio.pending, bio.read(2), bio.read(-1), bio.read(5), bio.eof)
bio.write(bytearray(b"ab"))
bio.write(memoryview(b"cd"))
bio.write_eof()
print(bio.eof, bio.read(), bio.eof)
for action in [lambda: bio.write(b"x"), lambda: bio.write("x"), lambda: bio.read("x"), lambda: ssl.MemoryBIO(3),
        lambda: bio.write(5)]:
    trial(action)
print([klass.__mro__ for klass in (ssl.SSLError, ssl.SSLCertVerificationError, ssl.SSLEOFError)],
      ssl.CertificateError is ssl.SSLCertVerificationError)
print(str(ssl.SSLError(1, "text")), str(ssl.SSLError("only")), repr(ssl.SSLError(1, "text")), ssl.SSLWantReadError.__doc__)
