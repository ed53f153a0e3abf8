/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What OpenDHT writes at its end is a MessagePack map of its own id, the good nodes with theirs,
 * and all values that strangers put with us. An id would make two runs of us linkable and the
 * values are none of our business: only the addresses of the nodes are read, and kept in a form of
 * our own. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-state.h"

#include <string.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"

#define SAVED_VERSION 1
#define SAVED_NODE_BYTES (1 + 16 + 2)

typedef enum
{
  ITEM_OTHER,
  ITEM_BYTES, /* a string or binary */
  ITEM_ARRAY,
  ITEM_MAP,
} ItemKind;

typedef struct
{
  ItemKind      kind;
  guint64       n;    /* items, or pairs of them */
  const guint8 *data; /* of bytes */
  gsize         len;
} Item;

/* --- MessagePack ---------------------------------------------------------------------------- */

static guint32
read_length (KithReader *reader, guint size_code)
{
  switch (size_code)
    {
    case 0:
      return kith_reader_u8 (reader);
    case 1:
      return kith_reader_u16 (reader);
    default:
      return kith_reader_u32 (reader);
    }
}

static void
take_bytes (KithReader *reader, Item *item, gsize len)
{
  item->kind = ITEM_BYTES;
  item->len = len;
  item->data = kith_reader_peek (reader, len);
}

/* The types above 0xc0 that come with more than one byte. */
static void
read_long_item (KithReader *reader, Item *item, guint8 type)
{
  static const guint8 number_bytes[] = { 4, 8, 1, 2, 4, 8, 1, 2, 4, 8 }; /* 0xca to 0xd3 */

  if (type >= 0xc4 && type <= 0xc6)
    take_bytes (reader, item, read_length (reader, type - 0xc4u));
  else if (type >= 0xc7 && type <= 0xc9)
    take_bytes (reader, item, (gsize) read_length (reader, type - 0xc7u) + 1);
  else if (type >= 0xca && type <= 0xd3)
    kith_reader_peek (reader, number_bytes[type - 0xca]);
  else if (type >= 0xd4 && type <= 0xd8)
    take_bytes (reader, item, ((gsize) 1 << (type - 0xd4)) + 1);
  else if (type >= 0xd9 && type <= 0xdb)
    take_bytes (reader, item, read_length (reader, type - 0xd9u));
  else if (type >= 0xdc)
    {
      item->kind = type < 0xde ? ITEM_ARRAY : ITEM_MAP;
      item->n = read_length (reader, 1 + (type & 1u));
    }
}

static Item
read_item (KithReader *reader)
{
  Item item = { 0 };
  guint8 type = kith_reader_u8 (reader);

  if ((type & 0xf0) == 0x80)
    item = (Item){ .kind = ITEM_MAP, .n = type & 0x0f };
  else if ((type & 0xf0) == 0x90)
    item = (Item){ .kind = ITEM_ARRAY, .n = type & 0x0f };
  else if ((type & 0xe0) == 0xa0)
    take_bytes (reader, &item, type & 0x1f);
  else if (type >= 0xc0 && type < 0xe0)
    read_long_item (reader, &item, type);

  return item;
}

static guint64
children (const Item *item)
{
  if (item->kind == ITEM_MAP)
    return 2 * item->n;

  return item->kind == ITEM_ARRAY ? item->n : 0;
}

/* Counts instead of recursing: it may be nested as deep as it likes. */
static void
skip_item (KithReader *reader)
{
  guint64 missing = 1;

  while (missing > 0 && !reader->failed)
    {
      Item item = read_item (reader);

      missing += children (&item) - 1;
    }
}

static gboolean
is_key (const Item *item, const char *key)
{
  return item->kind == ITEM_BYTES && item->data != NULL && item->len == strlen (key)
         && memcmp (item->data, key, item->len) == 0;
}

/* --- What OpenDHT writes -------------------------------------------------------------------- */

static gboolean
read_socket_address (const Item *item, KithEndpoint *out)
{
  struct sockaddr_in in;
  struct sockaddr_in6 in6;
  sa_family_t family;

  *out = (KithEndpoint){ 0 };
  if (item->kind != ITEM_BYTES || item->data == NULL || item->len < sizeof in)
    return FALSE;

  memcpy (&in, item->data, sizeof in);
  family = in.sin_family;
  if (family == AF_INET)
    return kith_endpoint_set_bytes (out, (const guint8 *)&in.sin_addr, 4, g_ntohs (in.sin_port));

  if (family != AF_INET6 || item->len < sizeof in6)
    return FALSE;

  memcpy (&in6, item->data, sizeof in6);
  return kith_endpoint_set_bytes (out, in6.sin6_addr.s6_addr, 16, g_ntohs (in6.sin6_port));
}

static gboolean
read_node (KithReader *reader, KithEndpoint *out)
{
  Item node = read_item (reader);
  gboolean found = FALSE;

  if (node.kind != ITEM_MAP)
    return FALSE;

  for (guint64 i = 0; i < node.n && !reader->failed; i++)
    {
      Item key = read_item (reader);

      if (is_key (&key, "addr"))
        {
          Item address = read_item (reader);

          found = read_socket_address (&address, out);
        }
      else
        skip_item (reader);
    }

  return found && !reader->failed;
}

static guint
read_nodes (KithReader *reader, KithEndpoint *out, guint max, guint *n_out)
{
  Item nodes = read_item (reader);
  guint n_nodes = 0;

  if (nodes.kind != ITEM_ARRAY)
    return 0;

  for (guint64 i = 0; i < nodes.n && !reader->failed; i++)
    {
      KithEndpoint endpoint;

      if (!read_node (reader, &endpoint))
        continue;

      n_nodes++;
      if (*n_out < max)
        out[(*n_out)++] = endpoint;
    }

  return n_nodes;
}

/**
 * kith_dht_state_read:
 * @data: (array length=len): the state file of OpenDHT
 * @len: its length
 * @out: (out caller-allocates) (array length=max): addresses of the good nodes, nearest first
 * @max: how many fit
 * @n_out: (out): how many there are in @out
 *
 * Takes what there is of a file that is damaged or cut off.
 *
 * Returns: how many good nodes there are, which may be more than @max
 */
guint
kith_dht_state_read (const guint8 *data, gsize len, KithEndpoint *out, guint max, guint *n_out)
{
  KithReader reader;
  Item state;

  *n_out = 0;
  if (len == 0)
    return 0;

  kith_reader_init (&reader, data, len);
  state = read_item (&reader);
  if (state.kind != ITEM_MAP)
    return 0;

  for (guint64 i = 0; i < state.n && !reader.failed; i++)
    {
      Item key = read_item (&reader);

      if (is_key (&key, "nodes"))
        return read_nodes (&reader, out, max, n_out);
      skip_item (&reader);
    }

  return 0;
}

/* --- What we keep --------------------------------------------------------------------------- */

/**
 * kith_dht_state_save:
 * @nodes: (array length=n): addresses of nodes
 * @n: at most %KITH_LIMIT_DHT_SAVED_NODES, the rest is left out
 *
 * Returns: (transfer full): them as bytes
 */
GBytes *
kith_dht_state_save (const KithEndpoint *nodes, guint n)
{
  guint8 data[1 + KITH_LIMIT_DHT_SAVED_NODES * SAVED_NODE_BYTES];
  KithWriter writer;

  kith_writer_init (&writer, data, sizeof data);
  kith_writer_u8 (&writer, SAVED_VERSION);
  for (guint i = 0; i < MIN (n, KITH_LIMIT_DHT_SAVED_NODES); i++)
    {
      kith_writer_u8 (&writer, nodes[i].family);
      kith_writer_bytes (&writer, nodes[i].address, kith_endpoint_get_len (&nodes[i]));
      kith_writer_u16 (&writer, nodes[i].port);
    }

  return g_bytes_new (data, writer.len);
}

/**
 * kith_dht_state_load:
 * @saved: (nullable): what kith_dht_state_save() made, or anything
 * @out: (out caller-allocates) (array length=max): the addresses
 * @max: how many fit
 *
 * Returns: how many there are
 */
guint
kith_dht_state_load (GBytes *saved, KithEndpoint *out, guint max)
{
  KithReader reader;
  gsize len = 0;
  const guint8 *data = saved != NULL ? g_bytes_get_data (saved, &len) : NULL;
  guint n = 0;

  if (len == 0)
    return 0;

  kith_reader_init (&reader, data, len);
  if (kith_reader_u8 (&reader) != SAVED_VERSION)
    return 0;

  while (n < max && kith_reader_remaining (&reader) > 0)
    {
      guint8 address[16];
      guint8 family = kith_reader_u8 (&reader);
      gsize address_len = family == 4 ? 4 : 16;
      guint16 port;

      kith_reader_bytes (&reader, address, address_len);
      port = kith_reader_u16 (&reader);
      if (reader.failed || (family != 4 && family != 6))
        break;
      if (kith_endpoint_set_bytes (&out[n], address, address_len, port))
        n++;
    }

  return n;
}
