"""unittest: results, subtests, logs, mocks, asynchronous cases, discovery of cases in this file."""
import unittest, unittest.mock
class T(unittest.TestCase):
    def setUp(self): self.x = 1
    def test_a(self): self.assertEqual(self.x, 1)
    def test_b(self):
        with self.assertRaises(ZeroDivisionError) as c: 1/0
        self.assertEqual(str(c.exception), 'division by zero')
    def test_c(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
    def test_d(self): self.assertEqual([1,2,3],[1,2,4])
    @unittest.skip("why")
    def test_e(self): pass
    @unittest.expectedFailure
    def test_f(self): self.fail("x")
    def test_g(self): raise KeyError('z')
    def test_h(self):
        with self.assertLogs('a', level='INFO') as cm:
            import logging
            logging.getLogger('a').info('first')
        self.assertEqual(cm.output, ['INFO:a:first'])
    def test_i(self):
        m = unittest.mock.Mock(return_value=3)
        self.assertEqual(m(1, a=2), 3)
        m.assert_called_once_with(1, a=2)
        with unittest.mock.patch('os.getcwd', return_value='/x'):
            import os; self.assertEqual(os.getcwd(), '/x')
        mm = unittest.mock.MagicMock(); mm.__len__.return_value = 5
        self.assertEqual(len(mm), 5)
    def test_j(self): self.assertEqual({'a':1,'b':2},{'a':1,'b':3})
    def test_k(self): self.assertRegex('abc','b'); self.assertCountEqual([1,2],[2,1]); self.assertAlmostEqual(1.0,1.00000001)
    def test_l(self): self.assertEqual("a\nb\n","a\nc\n")
import sys
class A(unittest.IsolatedAsyncioTestCase):
    async def test_async(self):
        import asyncio
        await asyncio.sleep(0)
        self.assertTrue(True)
import io
import re
stream = io.StringIO()
unittest.main(exit=False, testRunner=unittest.TextTestRunner(stream=stream, verbosity=2))
print(re.sub(r"in [0-9.]+s", "in TIME", stream.getvalue()).replace(__file__, "FILE"))
suite = unittest.defaultTestLoader.loadTestsFromName("__main__.T.test_a")
print(suite.countTestCases(), [str(t) for t in suite])
