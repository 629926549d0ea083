"""A client of the stand-in exchange: python3's standard library and openssl(1).

Nothing of the project's own code signs here.
"""

import base64
import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

API = '/api/v3/brokerage'


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b'=').decode()


def raw_signature(der):
    """r and s of a DER signature, 32 bytes each."""
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        number = int.from_bytes(der[at + 2:at + 2 + length], 'big')
        numbers.append(number.to_bytes(32, 'big'))
        at += 2 + length
    return b''.join(numbers)


class Key:
    """A key file of any form."""

    def __init__(self, path):
        with open(path) as file:
            told = json.load(file)
        self.name = told.get('name') or told['id']
        secret = told['privateKey']
        if 'BEGIN' not in secret:
            seed = base64.b64decode(secret)[:32]
            der = bytes.fromhex('302e020100300506032b657004220420') + seed
            secret = ('-----BEGIN PRIVATE KEY-----\n' +
                      base64.b64encode(der).decode() +
                      '\n-----END PRIVATE KEY-----\n')
        handle, self.pem = tempfile.mkstemp(dir='.')
        with os.fdopen(handle, 'w') as file:
            file.write(secret)
        text = subprocess.run(
            ['openssl', 'pkey', '-in', self.pem, '-noout', '-text'],
            capture_output=True, text=True, check=True).stdout
        self.alg = 'EdDSA' if 'ED25519' in text else 'ES256'

    def sign(self, text):
        if self.alg == 'ES256':
            return raw_signature(self.sign_der(text))
        with tempfile.NamedTemporaryFile(dir='.') as file:
            file.write(text)
            file.flush()
            return subprocess.run(
                ['openssl', 'pkeyutl', '-sign', '-rawin', '-inkey', self.pem,
                 '-in', file.name], capture_output=True, check=True).stdout

    def sign_der(self, text):
        return subprocess.run(
            ['openssl', 'dgst', '-sha256', '-sign', self.pem],
            input=text, capture_output=True, check=True).stdout

    def token(self, uri, header=None, sign=None, now=None, **claims):
        now = int(now or time.time())
        head = {'alg': self.alg, 'typ': 'JWT', 'kid': self.name,
                'nonce': os.urandom(16).hex(), **(header or {})}
        body = {'sub': self.name, 'iss': 'cdp', 'nbf': now, 'exp': now + 120,
                'uri': uri, **claims}
        body = {k: v for k, v in body.items() if v is not None}
        head = {k: v for k, v in head.items() if v is not None}
        signed = b64(json.dumps(head).encode()) + '.' + \
            b64(json.dumps(body).encode())
        return signed + '.' + b64((sign or self.sign)(signed.encode()))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Exchange:
    """A stand-in that this object starts, and its client."""

    def __init__(self, *options, key='es256.json', program='exchange',
                 log='log.ndjson'):
        self.log_path = log
        if os.path.exists(log):
            os.unlink(log)
        self.key = Key(key)
        self.process = subprocess.Popen(
            [program, '--key', key, '--log', log, '--ca', log + '.pem',
             '--for', '120', *options],
            stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.host = '127.0.0.1:%d' % ready['port']
        self.ready = ready
        self.tls = ssl.create_default_context(cafile=ready['ca']) \
            if ready['ca'] else None
        self.skew = 0

    def stop(self):
        if self.process.poll() is not None:
            return
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def open(self, timeout=10):
        if self.tls is None:
            return http.client.HTTPConnection(self.host, timeout=timeout)
        return http.client.HTTPSConnection(self.host, context=self.tls,
                                           timeout=timeout)

    def send(self, method, path, query=None, body=None, token=None,
             timeout=10, connection=None):
        """path is whole; token: None makes a good one, False sends none."""
        link = connection or self.open(timeout)
        headers = {}
        if token is None:
            token = self.key.token('%s %s%s' % (method, self.host, path),
                                   now=time.time() + self.skew)
        if token:
            headers['Authorization'] = 'Bearer ' + token
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        if query:
            path += '?' + urllib.parse.urlencode(query, doseq=True)
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            if connection is None:
                link.close()

    def get(self, path, **query):
        return self.send('GET', API + path, query)

    def open_get(self, path, **query):
        return self.send('GET', API + path, query, token=False)

    def post(self, path, body, **more):
        return self.send('POST', API + path, body=body, **more)

    def control(self, **what):
        answer = self.send('POST', '/_control', body=what, token=False)
        assert answer.status == 200, answer.body
        return answer.json

    def log(self):
        if not os.path.exists(self.log_path):
            return []
        with open(self.log_path) as file:
            return [json.loads(line) for line in file]


class start:
    """A stand-in for as long as a block."""

    def __init__(self, *options, key='es256.json', log='log.ndjson'):
        self.options, self.key, self.log = options, key, log

    def __enter__(self):
        self.exchange = Exchange(*self.options, key=self.key,
                                 log=self.log)
        self.exchange.link = self.exchange.open()
        return self.exchange

    def __exit__(self, *what):
        self.exchange.link.close()
        self.exchange.stop()


def ask(tests, names):
    """Run the functions test_..., or those named, each on a fresh stand-in.

    A line "ok SENTENCE" or "not SENTENCE" each goes to standard output, what
    went wrong to standard error; the sentence is the function's documentation.
    """
    for name in names or [n for n in tests if n.startswith('test_')]:
        test = tests[name]
        try:
            with start() as x:
                test(x)
            verdict = 'ok'
        except BaseException:
            sys.stderr.write(name + ':\n' + traceback.format_exc())
            verdict = 'not'
        print(verdict, test.__doc__, flush=True)

