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
 * @reset: (PCP only) the router has lost its memory since it answered last, and with it what others
 *   have mapped there; comes before mapped, and the mapper must not be freed in it
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
  void (*reset)   (KithMapper         *mapper,
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
KithMapper *kith_port_map_pcp_new      (const guint8       *nonce,
                                        const KithEndpoint *pinhole);
gboolean    kith_port_map_is_reachable (const KithEndpoint *external);

/* kith-port-map-answers.c */
gboolean    kith_upnp_take_address     (const char         *text,
                                        guint16             port,
                                        KithEndpoint       *external);
gboolean    kith_upnp_take_url         (const char         *url,
                                        KithEndpoint       *host);

/* kith-port-map-removal.c */
void        kith_mapper_free           (KithMapper         *mapper);
void        kith_mapper_remove         (KithMapper         *mapper,
                                        guint               timeout_ms,
                                        GTask              *task);
void        kith_mapper_removals_begin (GTask              *task);
void        kith_mapper_removals_end   (GTask              *task);

/**
 * KithPinholes:
 *
 * Keeps holes open in the router's IPv6 firewall: one for each of our addresses. Main thread.
 */
typedef struct _KithPinholes KithPinholes;

/**
 * KithPinholesEvents:
 * @changed: the state or the detail may be another one
 * @reset: the router has lost its memory; the pinholes are not to be touched in it
 */
typedef struct
{
  void (*changed) (gpointer user_data);
  void (*reset)   (gpointer user_data);
} KithPinholesEvents;

KithPinholes    *kith_pinholes_new         (const KithPortMapTimes   *times,
                                            const guint8             *nonce,
                                            const KithPinholesEvents *events,
                                            gpointer                  user_data);
void             kith_pinholes_free        (KithPinholes             *self);
void             kith_pinholes_set         (KithPinholes             *self,
                                            const KithEndpoint       *addresses,
                                            guint                     n);
void             kith_pinholes_begin_anew  (KithPinholes             *self);
void             kith_pinholes_renew       (KithPinholes             *self);
void             kith_pinholes_stop        (KithPinholes             *self,
                                            GTask                    *task);
KithPortMapState kith_pinholes_get_state   (KithPinholes             *self);
const char      *kith_pinholes_get_detail  (KithPinholes             *self);

G_END_DECLS
