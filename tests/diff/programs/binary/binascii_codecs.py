"""binascii, base64, quopri."""
import binascii as b
def t(f,*a,**k):
    try: print(f.__name__, a, k, repr(f(*a,**k)))
    except BaseException as e: print(f.__name__, a, k, type(e).__name__, e)
for s in (b'',b'YQ==',b'YWI=',b'YWJj',b'YQ',b'Y',b'YQ=',b'Y=Q=',b'=',b'==YQ==',b'YQ==YQ==',b'Y!Q==',b'YWJj\n',b'YWJjYWJj=',b'YWJj====',b'YWJjY',b'YQ==\n',b'Y\nQ==', 'YQ==', 'é', b'====', b'YW=Jj', b'YW=J=j', b'A===', b'AB=C=D', b'AB==CD', b'+/+/'):
    t(b.a2b_base64, s); t(b.a2b_base64, s, strict_mode=True)
for s in (b'',b'a',b'ab',b'abc',b'abcd'*30): t(b.b2a_base64,s); t(b.b2a_base64,s,newline=False)
t(b.b2a_base64,'a'); t(b.b2a_base64,3)
for s in (b'',b'abc',bytes(range(45))): t(b.b2a_uu,s); t(b.b2a_uu,s,backtick=True)
t(b.b2a_uu,bytes(46))
for s in (b'',b' ',b'#86)C\n',b'#86)C',b'#86)C   x',b'!86)C\n',b'\x7f',b'#86)',b'#86\n',b'!  ', '#86)C\n', b'M'+b'a'*10, b'#8\x01)C', b'`\n',b'0'): t(b.a2b_uu,s)
for s in (b'',b'00ff',b'0',b'0g','00FF','zz',b'aB', 'é0'): t(b.unhexlify,s); t(b.a2b_hex,s)
t(b.hexlify,b'abc'); t(b.hexlify,b'abcde',':'); t(b.hexlify,b'abcde',b'-',2); t(b.hexlify,b'abcde','-',-2); t(b.hexlify,b'abc','::'); t(b.hexlify,b'abc','é'); t(b.hexlify,'abc'); t(b.hexlify,b'abc',sep='_',bytes_per_sep=2); t(b.b2a_hex,b'\x00'); t(b.hexlify,b'abc',3)
for s in (b'',b'abc',b'a'*1000,'a'): t(b.crc32,s); t(b.crc32,s,5) ; t(b.crc_hqx,s,0); t(b.crc_hqx,s,0x12345)
t(b.crc_hqx,b'a'); t(b.crc32,b'a',-1); t(b.crc32,b'a',1<<40)
for s in (b'',b'abc=20d',b'a=\nb',b'a=\r\nb',b'a_b',b'a=4',b'a=',b'a==',b'=41=zz',b'=4',b'a=41','a',b'a=  \nb',b'==41'): t(b.a2b_qp,s); t(b.a2b_qp,s,header=True)
for s in (b'',b'abc',b'a b \n',b'a\tb\t',b'x'*100,b'=',b'\xff\x00',b'a_b c',b'.\n',b'.',b'a.\n.b',b'a\r\nb\r\n',b'a\nb\r\n',b'long line '*12+b'\n',b'\xe9'*40,b'a \r\n', b'a '*40):
    for k in ({},dict(quotetabs=True),dict(header=True),dict(istext=False),dict(istext=False,quotetabs=True,header=True)): t(b.b2a_qp,s,**k)
print(b.Error.__mro__, b.Incomplete.__mro__, sorted(x for x in dir(b) if x[0]!='_'), b.Error.__module__)
import base64
for f in (base64.b64encode,base64.b32encode,base64.b16encode,base64.b85encode,base64.a85encode,base64.encodebytes,base64.urlsafe_b64encode,base64.standard_b64encode): t(f,b'hello world'*5)
t(base64.b64decode,b'aGVsbG8=');t(base64.b64decode,b'aGVsb*G8=',validate=True);t(base64.b32decode,b'NBSWY3DP');t(base64.a85decode,base64.a85encode(b'abc'));t(base64.b85decode,base64.b85encode(b'abc'));t(base64.b16decode,b'0aF0');t(base64.decodebytes,b'aGk=\n')
import quopri; print(quopri.encodestring(b'caf\xe9 =x'), quopri.decodestring(b'caf=E9'))
