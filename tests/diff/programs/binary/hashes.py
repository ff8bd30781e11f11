"""hashlib, hmac: every algorithm."""
import hashlib, hmac
for n in ['md5','sha1','sha224','sha256','sha384','sha512','sha3_224','sha3_256','sha3_384','sha3_512','blake2b','blake2s','sha512_224','ripemd160','sm3']:
    try:
        h = hashlib.new(n, b'abc'); h.update(b'def'*1000)
        print(n, h.hexdigest(), h.digest_size, h.block_size, h.name, h.copy().digest() == h.digest())
    except Exception as e: print(n, type(e), e)
print(hashlib.shake_128(b'x').hexdigest(20), hashlib.shake_256(b'x').digest(5), hashlib.shake_128().digest_size)
for f in (lambda: hashlib.md5('a'), lambda: hashlib.md5(3), lambda: hashlib.new('xyz'), lambda: hashlib.new(3), lambda: hashlib.md5(b'a', usedforsecurity=False).hexdigest(), lambda: hashlib.pbkdf2_hmac('sha256', b'pw', b'salt', 1000).hex(), lambda: hashlib.pbkdf2_hmac('sha1', b'pw', b'salt', 10, 7).hex(), lambda: hashlib.scrypt(b'pw', salt=b's', n=16, r=8, p=1).hex(), lambda: hmac.new(b'k', b'm', 'sha256').hexdigest(), lambda: hmac.new(b'k', b'm', hashlib.md5).hexdigest(), lambda: hmac.digest(b'k', b'm', 'sha1').hex(), lambda: hmac.new(b'k'), lambda: hmac.compare_digest('a','a'), lambda: hmac.compare_digest(b'a','a'), lambda: hmac.new(b'k', b'm', 'sha256'), lambda: hmac.new(b'k', b'm', 'sha256').name, lambda: hashlib.md5(), lambda: sorted(hashlib.algorithms_guaranteed), lambda: hashlib.shake_128(b'').hexdigest(), lambda: hashlib.md5(memoryview(b'abcd')[::2]), lambda: hashlib.md5(bytearray(b'x')).hexdigest(), lambda: hashlib.new('SHA256').name, lambda: type(hashlib.md5())(), lambda: hashlib.sha1.__name__, lambda:hashlib.pbkdf2_hmac('sha1', b'', b'', 0)):
    try: print(str(f()).split(' 0x')[0].split(' at ')[0].split(' @ ')[0])
    except Exception as e: print(type(e).__name__, e)
import io
print(hashlib.file_digest(io.BytesIO(b'abc'*100), 'sha256').hexdigest())
import random, secrets, uuid
random.seed('abc'); print(random.random())
print(uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org'), uuid.uuid3(uuid.NAMESPACE_DNS, 'python.org'))
print(len(secrets.token_hex(8)))
for k in (dict(), dict(digest_size=20), dict(key=b'k'*30), dict(salt=b'abc', person=b'def'), dict(fanout=2,depth=3,leaf_size=100,node_offset=5,node_depth=1,inner_size=32,last_node=True), dict(digest_size=0), dict(key=b'a'*100), dict(salt=b'a'*40),dict(digest_size=99)):
    for f in (hashlib.blake2b, hashlib.blake2s):
        try:
            h = f(b'abc', **k); h.update(b'q'*129); print(h.hexdigest(), h.name, h.digest_size, h.block_size, f.SALT_SIZE, f.MAX_KEY_SIZE)
        except Exception as e: print(type(e), e)
