# SPDX-License-Identifier: GPL-3.0-or-later
"""The Noise Protocol Framework, revision 34, as far as Kith uses it: 25519_ChaChaPoly_SHA256."""
import hashlib
import hmac
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from primitives import ExchangeKey, Refused

# Of each pattern: whether both know the other's static key before, and the tokens of its messages.
PATTERNS = {
    'XX': (False, [['e'], ['e', 'ee', 's', 'es'], ['s', 'se']]),
    'XXpsk0': (False, [['psk', 'e'], ['e', 'ee', 's', 'es'], ['s', 'se']]),
    'KKpsk0': (True, [['psk', 'e', 'es', 'ss'], ['e', 'ee', 'se']]),
}
KEY_BYTES = 32
TAG_BYTES = 16


def hkdf(chaining_key, material, n_outputs):
    """HKDF of section 4.3, for two or three outputs."""
    key = hmac.digest(chaining_key, material, 'sha256')
    outputs, last = [], b''
    for number in range(1, n_outputs + 1):
        last = hmac.digest(key, last + bytes([number]), 'sha256')
        outputs.append(last)
    return outputs


class Cipher:
    """A CipherState: one key and its nonces, in one direction."""

    def __init__(self, key):
        self._aead = ChaCha20Poly1305(key)
        self._nonce = 0

    def _next_nonce(self):
        nonce = bytes(4) + struct.pack('<Q', self._nonce)
        self._nonce += 1
        return nonce

    def encrypt(self, plaintext, associated=b''):
        return self._aead.encrypt(self._next_nonce(), plaintext, associated)

    def decrypt(self, ciphertext, associated=b''):
        try:
            return self._aead.decrypt(self._next_nonce(), ciphertext, associated)
        except InvalidTag as error:
            raise Refused('not authentic') from error


class Symmetric:
    """A SymmetricState."""

    def __init__(self, name):
        self.hash = name.ljust(32, b'\0') if len(name) <= 32 else hashlib.sha256(name).digest()
        self._chaining_key = self.hash
        self._cipher = None

    def mix_hash(self, data):
        self.hash = hashlib.sha256(self.hash + data).digest()

    def mix_key(self, material):
        self._chaining_key, key = hkdf(self._chaining_key, material, 2)
        self._cipher = Cipher(key)

    def mix_key_and_hash(self, material):
        self._chaining_key, hashed, key = hkdf(self._chaining_key, material, 3)
        self.mix_hash(hashed)
        self._cipher = Cipher(key)

    def encrypt_and_hash(self, plaintext):
        ciphertext = self._cipher.encrypt(plaintext, self.hash) if self._cipher else plaintext
        self.mix_hash(ciphertext)
        return ciphertext

    def decrypt_and_hash(self, ciphertext):
        plaintext = self._cipher.decrypt(ciphertext, self.hash) if self._cipher else ciphertext
        self.mix_hash(ciphertext)
        return plaintext

    @property
    def has_key(self):
        return self._cipher is not None

    def split(self):
        """The two keys of Split(), the initiator's first, and Kith's exporter as the third."""
        return hkdf(self._chaining_key, b'', 3)


class Handshake:
    """A HandshakeState. static is ours, remote the other side's public key, where it is known."""

    def __init__(self, pattern, initiator, prologue, static, remote=None, psk=None, ephemeral=None):
        known, messages = PATTERNS[pattern]
        self._symmetric = Symmetric(f'Noise_{pattern}_25519_ChaChaPoly_SHA256'.encode())
        self._messages = list(messages)
        self._initiator = initiator
        self._psk = psk
        self._static, self._ephemeral = static, ephemeral or ExchangeKey()
        self.remote, self.remote_ephemeral = remote, None
        self._symmetric.mix_hash(prologue)
        if known:
            for public in (static.public, remote) if initiator else (remote, static.public):
                self._symmetric.mix_hash(public)

    @property
    def hash(self):
        return self._symmetric.hash

    def _mix_ephemeral(self, public):
        self._symmetric.mix_hash(public)
        if self._psk is not None:
            self._symmetric.mix_key(public)

    def _exchange(self, token):
        """Two letters: whose key the initiator takes, and whose the responder."""
        ours, theirs = token if self._initiator else reversed(token)
        key = self._ephemeral if ours == 'e' else self._static
        self._symmetric.mix_key(key.exchange(self.remote_ephemeral if theirs == 'e' else self.remote))

    def _mix(self, token):
        if token == 'psk':
            self._symmetric.mix_key_and_hash(self._psk)
        else:
            self._exchange(token)

    def write(self, payload=b''):
        message = b''
        for token in self._messages.pop(0):
            if token == 'e':
                message += self._ephemeral.public
                self._mix_ephemeral(self._ephemeral.public)
            elif token == 's':
                message += self._symmetric.encrypt_and_hash(self._static.public)
            else:
                self._mix(token)
        return message + self._symmetric.encrypt_and_hash(payload)

    def read(self, message):
        """The payload. Raises Refused."""
        for token in self._messages.pop(0):
            if token == 'e':
                self.remote_ephemeral, message = message[:KEY_BYTES], message[KEY_BYTES:]
                self._mix_ephemeral(self.remote_ephemeral)
            elif token == 's':
                length = KEY_BYTES + (TAG_BYTES if self._symmetric.has_key else 0)
                self.remote = self._symmetric.decrypt_and_hash(message[:length])
                message = message[length:]
            else:
                self._mix(token)
        return self._symmetric.decrypt_and_hash(message)

    def split(self):
        return self._symmetric.split()
