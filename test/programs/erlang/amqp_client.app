{application, amqp_client, [{vsn, "1"}, {applications, [kernel, stdlib]}, {modules, [amqp_auth_mechanisms, amqp_channel, amqp_connection, amqp_uri]}]}.
