/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-port-map.h"

G_BEGIN_DECLS

/**
 * KithMapper:
 *
 * One way of asking a router for one port. What it does is asynchronous: events come from the main
 * loop and never from within a call. A mapper may be freed in each of its events. Main thread.
 */
typedef struct _KithMapper KithMapper;

/**
 * KithMapperEvents:
 * @mapped: after request: the router maps the port, and says that @external is its end of it;
 *   untrusted
 * @failed: after request: it does not. @state is %KITH_PORT_MAP_NO_ROUTER or
 *   %KITH_PORT_MAP_REFUSED, or %KITH_PORT_MAP_DOUBLE_NAT when the router's address shows why;
 *   @detail says it in technical words of ours
 * @removed: after remove: the router has forgotten the mapping, or refused to
 */
typedef struct
{
  void (*mapped)  (KithMapper         *mapper,
                   const KithEndpoint *external,
                   gpointer            user_data);
  void (*failed)  (KithMapper         *mapper,
                   KithPortMapState    state,
                   const char         *detail,
                   gpointer            user_data);
  void (*removed) (KithMapper         *mapper,
                   gpointer            user_data);
} KithMapperEvents;

typedef struct
{
  void (*request) (KithMapper *mapper);
  void (*remove)  (KithMapper *mapper);
  void (*free)    (KithMapper *mapper);
} KithMapperClass;

struct _KithMapper
{
  const KithMapperClass  *class;
  KithPortMapMethod       method;
  guint16                 local_port;
  guint                   lease_s;
  const KithMapperEvents *events;    /* (unowned) */
  gpointer                user_data; /* (unowned) */
};

KithMapper *kith_port_map_upnp_new     (void);
KithMapper *kith_port_map_nat_pmp_new  (void);
gboolean    kith_port_map_is_reachable (const KithEndpoint *external);

G_END_DECLS
