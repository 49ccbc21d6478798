%% A stand-in of RabbitMQ's AMQP client, which has to be loaded before it.
-module(amqp_auth_mechanisms).
-export([plain/3]).

plain(none, _, init) -> {<<"PLAIN">>, []}.
