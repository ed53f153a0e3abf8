/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of PCP (RFC 6887): requests for one mapping, and the answers to them. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-pcp.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"

#define VERSION 2
#define OPCODE_MAP 1
#define ANSWER 0x80
#define PROTOCOL_TCP 6
#define ADDRESS_BYTES 16
#define SHORTEST_BYTES 4
#define LONGEST_BYTES 1100

/* IPv4 travels in an IPv6 coat: ::ffff:a.b.c.d. */
static void
write_address (KithWriter *writer, const KithEndpoint *endpoint, guint8 family)
{
  static const guint8 none[ADDRESS_BYTES];

  if (family == 4)
    {
      kith_writer_zeros (writer, 10);
      kith_writer_u16 (writer, 0xffff);
    }
  kith_writer_bytes (writer, endpoint->family == family ? endpoint->address : none,
                     family == 4 ? 4 : ADDRESS_BYTES);
}

/**
 * kith_pcp_map_encode:
 * @self: a request; @client is an endpoint
 * @out: (out): the packet
 *
 * RFC 6887, 7.1 and 11.1.
 */
void
kith_pcp_map_encode (const KithPcpMap *self, guint8 out[KITH_PCP_MAP_BYTES])
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_PCP_MAP_BYTES);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, OPCODE_MAP);
  kith_writer_zeros (&writer, 2);
  kith_writer_u32 (&writer, self->lifetime_s);
  write_address (&writer, &self->client, self->client.family);

  kith_writer_bytes (&writer, self->nonce, sizeof self->nonce);
  kith_writer_u8 (&writer, PROTOCOL_TCP);
  kith_writer_zeros (&writer, 3);
  kith_writer_u16 (&writer, self->client.port);
  kith_writer_u16 (&writer, self->external.port);
  write_address (&writer, &self->external, self->client.family);
}

/* One that speaks NAT-PMP only, or another version of PCP, says so in a few bytes of its own. */
static gboolean
is_other_version (const guint8 *data, gsize len)
{
  return data[0] != VERSION && (data[1] & ANSWER) != 0
         && data[3] == KITH_PCP_UNSUPP_VERSION && len >= SHORTEST_BYTES;
}

static gboolean
read_header (KithPcpAnswer *self, KithReader *reader)
{
  gboolean is_map = kith_reader_u8 (reader) == VERSION
                    && kith_reader_u8 (reader) == (ANSWER | OPCODE_MAP);
  guint32 lifetime_s;

  kith_reader_u8 (reader);
  self->result = kith_reader_u8 (reader);
  lifetime_s = kith_reader_u32 (reader);
  self->lifetime_s = MIN (lifetime_s, KITH_LIMIT_PCP_LIFETIME_S);
  self->epoch_s = kith_reader_u32 (reader);
  kith_reader_peek (reader, 12);
  return is_map;
}

static gboolean
read_mapping (KithPcpAnswer *self, const KithPcpMap *request, KithReader *reader)
{
  const guint8 *nonce = kith_reader_peek (reader, KITH_PCP_NONCE_BYTES);
  gboolean is_ours = nonce != NULL && memcmp (nonce, request->nonce, KITH_PCP_NONCE_BYTES) == 0;
  guint8 protocol = kith_reader_u8 (reader);
  const guint8 *address;
  guint16 internal_port;
  guint16 external_port;

  kith_reader_peek (reader, 3);
  internal_port = kith_reader_u16 (reader);
  external_port = kith_reader_u16 (reader);
  address = kith_reader_peek (reader, ADDRESS_BYTES);
  if (reader->failed || !is_ours || protocol != PROTOCOL_TCP
      || internal_port != request->client.port)
    return FALSE;

  kith_endpoint_set_bytes (&self->external, address, ADDRESS_BYTES, external_port);
  return TRUE;
}

/**
 * kith_pcp_answer_decode:
 * @self: (out caller-allocates): the answer
 * @request: what was asked
 * @data: (array length=len): a datagram from the server; untrusted
 * @len: its length in bytes
 *
 * RFC 6887, 7.2, 8.3 and 11.4. An answer of another version has %KITH_PCP_UNSUPP_VERSION and
 * nothing else. Options are passed over: none is asked for.
 *
 * Returns: whether this is an answer to @request; whatever is not is to be ignored
 */
gboolean
kith_pcp_answer_decode (KithPcpAnswer *self, const KithPcpMap *request, const guint8 *data,
                        gsize len)
{
  KithReader reader;

  *self = (KithPcpAnswer){ 0 };
  if (len < SHORTEST_BYTES || len > LONGEST_BYTES)
    return FALSE;

  if (is_other_version (data, len))
    {
      self->result = KITH_PCP_UNSUPP_VERSION;
      return TRUE;
    }

  kith_reader_init (&reader, data, len);
  return len % 4 == 0 && read_header (self, &reader) && read_mapping (self, request, &reader);
}

/**
 * kith_pcp_is_reset:
 * @before_s: when the former answer came, on a clock that never steps
 * @before_epoch_s: what it said
 * @now_s: when the answer came
 * @now_epoch_s: what it says
 *
 * Whether the server has lost its mappings in between: its time and ours went on differently, by
 * more than clocks do (RFC 6887, 8.5).
 *
 * Returns: whether they have to be asked for anew
 */
gboolean
kith_pcp_is_reset (gint64 before_s, guint32 before_epoch_s, gint64 now_s, guint32 now_epoch_s)
{
  gint64 ours = now_s - before_s;
  gint64 theirs = (gint64) now_epoch_s - before_epoch_s;

  return theirs < -1 || ours + 2 < theirs - theirs / 16 || theirs + 2 < ours - ours / 16;
}
