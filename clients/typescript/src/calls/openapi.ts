// Generated from the OpenAPI document of the service. Do not edit it: run `make client-types`.

export interface paths {
    "/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one task */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        /**
         * Update a task
         * @description Fields that you do not send keep their values.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaskUpdate"];
                };
            };
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        post?: never;
        /**
         * Delete a task
         * @description The task and its subtasks go to the trash, where you can restore them for `TRASH_RETENTION_DAYS`.
         */
        delete: {
            parameters: {
                query?: {
                    /** @description `true`: delete permanently, and not to the trash. */
                    permanent?: "true" | "false";
                };
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The task is deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change fields of a task, also its status
         * @description Replaces the fields that you send; `null` clears a field (RFC 7396). Fields whose values are objects or arrays are replaced as a whole.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaskPatch"];
                    "application/merge-patch+json": components["schemas"]["TaskPatch"];
                };
            };
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CompletedTask"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks, newest first
         * @description All parameters that you send must hold. Without `limit`, the response contains every task. It is streamed, without a size limit.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only tasks with this status. */
                    status?: "incomplete" | "complete";
                    /** @description Only tasks in this list, with their subtasks; `inbox` for those in no list. */
                    list?: number | "inbox";
                    /** @description Only the direct subtasks of this task. */
                    parent?: number;
                    /** @description Only tasks with this label. */
                    label?: string;
                    /** @description Only tasks that this filter finds, such as `today | overdue`; see docs/filters.md. Unless the filter or `status` says otherwise, these are incomplete tasks. */
                    filter?: string;
                    /** @description Only tasks with these words in title, description or labels. The last one can be the beginning of a word. Unless you sort, the best of the newest 500 come first. */
                    search?: string;
                    /** @description The order: one or more of `position`, `due`, `start`, `priority`, `title`, `created`, `updated`, `completed`, with commas between them. `-` reverses. What has no value comes last. */
                    sort?: string;
                    /** @description The maximum number of tasks on the page. Without it, the response contains every task. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                    /** @description The time zone of the viewer, whose day is today. By default: that of the user's settings. */
                    time_zone?: "Africa/Abidjan" | "Africa/Accra" | "Africa/Addis_Ababa" | "Africa/Algiers" | "Africa/Asmara" | "Africa/Asmera" | "Africa/Bamako" | "Africa/Bangui" | "Africa/Banjul" | "Africa/Bissau" | "Africa/Blantyre" | "Africa/Brazzaville" | "Africa/Bujumbura" | "Africa/Cairo" | "Africa/Casablanca" | "Africa/Ceuta" | "Africa/Conakry" | "Africa/Dakar" | "Africa/Dar_es_Salaam" | "Africa/Djibouti" | "Africa/Douala" | "Africa/El_Aaiun" | "Africa/Freetown" | "Africa/Gaborone" | "Africa/Harare" | "Africa/Johannesburg" | "Africa/Juba" | "Africa/Kampala" | "Africa/Khartoum" | "Africa/Kigali" | "Africa/Kinshasa" | "Africa/Lagos" | "Africa/Libreville" | "Africa/Lome" | "Africa/Luanda" | "Africa/Lubumbashi" | "Africa/Lusaka" | "Africa/Malabo" | "Africa/Maputo" | "Africa/Maseru" | "Africa/Mbabane" | "Africa/Mogadishu" | "Africa/Monrovia" | "Africa/Nairobi" | "Africa/Ndjamena" | "Africa/Niamey" | "Africa/Nouakchott" | "Africa/Ouagadougou" | "Africa/Porto-Novo" | "Africa/Sao_Tome" | "Africa/Timbuktu" | "Africa/Tripoli" | "Africa/Tunis" | "Africa/Windhoek" | "America/Adak" | "America/Anchorage" | "America/Anguilla" | "America/Antigua" | "America/Araguaina" | "America/Argentina/Buenos_Aires" | "America/Argentina/Catamarca" | "America/Argentina/ComodRivadavia" | "America/Argentina/Cordoba" | "America/Argentina/Jujuy" | "America/Argentina/La_Rioja" | "America/Argentina/Mendoza" | "America/Argentina/Rio_Gallegos" | "America/Argentina/Salta" | "America/Argentina/San_Juan" | "America/Argentina/San_Luis" | "America/Argentina/Tucuman" | "America/Argentina/Ushuaia" | "America/Aruba" | "America/Asuncion" | "America/Atikokan" | "America/Atka" | "America/Bahia" | "America/Bahia_Banderas" | "America/Barbados" | "America/Belem" | "America/Belize" | "America/Blanc-Sablon" | "America/Boa_Vista" | "America/Bogota" | "America/Boise" | "America/Buenos_Aires" | "America/Cambridge_Bay" | "America/Campo_Grande" | "America/Cancun" | "America/Caracas" | "America/Catamarca" | "America/Cayenne" | "America/Cayman" | "America/Chicago" | "America/Chihuahua" | "America/Ciudad_Juarez" | "America/Coral_Harbour" | "America/Cordoba" | "America/Costa_Rica" | "America/Coyhaique" | "America/Creston" | "America/Cuiaba" | "America/Curacao" | "America/Danmarkshavn" | "America/Dawson" | "America/Dawson_Creek" | "America/Denver" | "America/Detroit" | "America/Dominica" | "America/Edmonton" | "America/Eirunepe" | "America/El_Salvador" | "America/Ensenada" | "America/Fort_Nelson" | "America/Fort_Wayne" | "America/Fortaleza" | "America/Glace_Bay" | "America/Godthab" | "America/Goose_Bay" | "America/Grand_Turk" | "America/Grenada" | "America/Guadeloupe" | "America/Guatemala" | "America/Guayaquil" | "America/Guyana" | "America/Halifax" | "America/Havana" | "America/Hermosillo" | "America/Indiana/Indianapolis" | "America/Indiana/Knox" | "America/Indiana/Marengo" | "America/Indiana/Petersburg" | "America/Indiana/Tell_City" | "America/Indiana/Vevay" | "America/Indiana/Vincennes" | "America/Indiana/Winamac" | "America/Indianapolis" | "America/Inuvik" | "America/Iqaluit" | "America/Jamaica" | "America/Jujuy" | "America/Juneau" | "America/Kentucky/Louisville" | "America/Kentucky/Monticello" | "America/Knox_IN" | "America/Kralendijk" | "America/La_Paz" | "America/Lima" | "America/Los_Angeles" | "America/Louisville" | "America/Lower_Princes" | "America/Maceio" | "America/Managua" | "America/Manaus" | "America/Marigot" | "America/Martinique" | "America/Matamoros" | "America/Mazatlan" | "America/Mendoza" | "America/Menominee" | "America/Merida" | "America/Metlakatla" | "America/Mexico_City" | "America/Miquelon" | "America/Moncton" | "America/Monterrey" | "America/Montevideo" | "America/Montreal" | "America/Montserrat" | "America/Nassau" | "America/New_York" | "America/Nipigon" | "America/Nome" | "America/Noronha" | "America/North_Dakota/Beulah" | "America/North_Dakota/Center" | "America/North_Dakota/New_Salem" | "America/Nuuk" | "America/Ojinaga" | "America/Panama" | "America/Pangnirtung" | "America/Paramaribo" | "America/Phoenix" | "America/Port-au-Prince" | "America/Port_of_Spain" | "America/Porto_Acre" | "America/Porto_Velho" | "America/Puerto_Rico" | "America/Punta_Arenas" | "America/Rainy_River" | "America/Rankin_Inlet" | "America/Recife" | "America/Regina" | "America/Resolute" | "America/Rio_Branco" | "America/Rosario" | "America/Santa_Isabel" | "America/Santarem" | "America/Santiago" | "America/Santo_Domingo" | "America/Sao_Paulo" | "America/Scoresbysund" | "America/Shiprock" | "America/Sitka" | "America/St_Barthelemy" | "America/St_Johns" | "America/St_Kitts" | "America/St_Lucia" | "America/St_Thomas" | "America/St_Vincent" | "America/Swift_Current" | "America/Tegucigalpa" | "America/Thule" | "America/Thunder_Bay" | "America/Tijuana" | "America/Toronto" | "America/Tortola" | "America/Vancouver" | "America/Virgin" | "America/Whitehorse" | "America/Winnipeg" | "America/Yakutat" | "America/Yellowknife" | "Antarctica/Casey" | "Antarctica/Davis" | "Antarctica/DumontDUrville" | "Antarctica/Macquarie" | "Antarctica/Mawson" | "Antarctica/McMurdo" | "Antarctica/Palmer" | "Antarctica/Rothera" | "Antarctica/South_Pole" | "Antarctica/Syowa" | "Antarctica/Troll" | "Antarctica/Vostok" | "Arctic/Longyearbyen" | "Asia/Aden" | "Asia/Almaty" | "Asia/Amman" | "Asia/Anadyr" | "Asia/Aqtau" | "Asia/Aqtobe" | "Asia/Ashgabat" | "Asia/Ashkhabad" | "Asia/Atyrau" | "Asia/Baghdad" | "Asia/Bahrain" | "Asia/Baku" | "Asia/Bangkok" | "Asia/Barnaul" | "Asia/Beirut" | "Asia/Bishkek" | "Asia/Brunei" | "Asia/Calcutta" | "Asia/Chita" | "Asia/Choibalsan" | "Asia/Chongqing" | "Asia/Chungking" | "Asia/Colombo" | "Asia/Dacca" | "Asia/Damascus" | "Asia/Dhaka" | "Asia/Dili" | "Asia/Dubai" | "Asia/Dushanbe" | "Asia/Famagusta" | "Asia/Gaza" | "Asia/Harbin" | "Asia/Hebron" | "Asia/Ho_Chi_Minh" | "Asia/Hong_Kong" | "Asia/Hovd" | "Asia/Irkutsk" | "Asia/Istanbul" | "Asia/Jakarta" | "Asia/Jayapura" | "Asia/Jerusalem" | "Asia/Kabul" | "Asia/Kamchatka" | "Asia/Karachi" | "Asia/Kashgar" | "Asia/Kathmandu" | "Asia/Katmandu" | "Asia/Khandyga" | "Asia/Kolkata" | "Asia/Krasnoyarsk" | "Asia/Kuala_Lumpur" | "Asia/Kuching" | "Asia/Kuwait" | "Asia/Macao" | "Asia/Macau" | "Asia/Magadan" | "Asia/Makassar" | "Asia/Manila" | "Asia/Muscat" | "Asia/Nicosia" | "Asia/Novokuznetsk" | "Asia/Novosibirsk" | "Asia/Omsk" | "Asia/Oral" | "Asia/Phnom_Penh" | "Asia/Pontianak" | "Asia/Pyongyang" | "Asia/Qatar" | "Asia/Qostanay" | "Asia/Qyzylorda" | "Asia/Rangoon" | "Asia/Riyadh" | "Asia/Saigon" | "Asia/Sakhalin" | "Asia/Samarkand" | "Asia/Seoul" | "Asia/Shanghai" | "Asia/Singapore" | "Asia/Srednekolymsk" | "Asia/Taipei" | "Asia/Tashkent" | "Asia/Tbilisi" | "Asia/Tehran" | "Asia/Tel_Aviv" | "Asia/Thimbu" | "Asia/Thimphu" | "Asia/Tokyo" | "Asia/Tomsk" | "Asia/Ujung_Pandang" | "Asia/Ulaanbaatar" | "Asia/Ulan_Bator" | "Asia/Urumqi" | "Asia/Ust-Nera" | "Asia/Vientiane" | "Asia/Vladivostok" | "Asia/Yakutsk" | "Asia/Yangon" | "Asia/Yekaterinburg" | "Asia/Yerevan" | "Atlantic/Azores" | "Atlantic/Bermuda" | "Atlantic/Canary" | "Atlantic/Cape_Verde" | "Atlantic/Faeroe" | "Atlantic/Faroe" | "Atlantic/Jan_Mayen" | "Atlantic/Madeira" | "Atlantic/Reykjavik" | "Atlantic/South_Georgia" | "Atlantic/St_Helena" | "Atlantic/Stanley" | "Australia/ACT" | "Australia/Adelaide" | "Australia/Brisbane" | "Australia/Broken_Hill" | "Australia/Canberra" | "Australia/Currie" | "Australia/Darwin" | "Australia/Eucla" | "Australia/Hobart" | "Australia/LHI" | "Australia/Lindeman" | "Australia/Lord_Howe" | "Australia/Melbourne" | "Australia/NSW" | "Australia/North" | "Australia/Perth" | "Australia/Queensland" | "Australia/South" | "Australia/Sydney" | "Australia/Tasmania" | "Australia/Victoria" | "Australia/West" | "Australia/Yancowinna" | "Brazil/Acre" | "Brazil/DeNoronha" | "Brazil/East" | "Brazil/West" | "CET" | "CST6CDT" | "Canada/Atlantic" | "Canada/Central" | "Canada/Eastern" | "Canada/Mountain" | "Canada/Newfoundland" | "Canada/Pacific" | "Canada/Saskatchewan" | "Canada/Yukon" | "Chile/Continental" | "Chile/EasterIsland" | "Cuba" | "EET" | "EST" | "EST5EDT" | "Egypt" | "Eire" | "Etc/GMT" | "Etc/GMT+0" | "Etc/GMT+1" | "Etc/GMT+10" | "Etc/GMT+11" | "Etc/GMT+12" | "Etc/GMT+2" | "Etc/GMT+3" | "Etc/GMT+4" | "Etc/GMT+5" | "Etc/GMT+6" | "Etc/GMT+7" | "Etc/GMT+8" | "Etc/GMT+9" | "Etc/GMT-0" | "Etc/GMT-1" | "Etc/GMT-10" | "Etc/GMT-11" | "Etc/GMT-12" | "Etc/GMT-13" | "Etc/GMT-14" | "Etc/GMT-2" | "Etc/GMT-3" | "Etc/GMT-4" | "Etc/GMT-5" | "Etc/GMT-6" | "Etc/GMT-7" | "Etc/GMT-8" | "Etc/GMT-9" | "Etc/GMT0" | "Etc/Greenwich" | "Etc/UCT" | "Etc/UTC" | "Etc/Universal" | "Etc/Zulu" | "Europe/Amsterdam" | "Europe/Andorra" | "Europe/Astrakhan" | "Europe/Athens" | "Europe/Belfast" | "Europe/Belgrade" | "Europe/Berlin" | "Europe/Bratislava" | "Europe/Brussels" | "Europe/Bucharest" | "Europe/Budapest" | "Europe/Busingen" | "Europe/Chisinau" | "Europe/Copenhagen" | "Europe/Dublin" | "Europe/Gibraltar" | "Europe/Guernsey" | "Europe/Helsinki" | "Europe/Isle_of_Man" | "Europe/Istanbul" | "Europe/Jersey" | "Europe/Kaliningrad" | "Europe/Kiev" | "Europe/Kirov" | "Europe/Kyiv" | "Europe/Lisbon" | "Europe/Ljubljana" | "Europe/London" | "Europe/Luxembourg" | "Europe/Madrid" | "Europe/Malta" | "Europe/Mariehamn" | "Europe/Minsk" | "Europe/Monaco" | "Europe/Moscow" | "Europe/Nicosia" | "Europe/Oslo" | "Europe/Paris" | "Europe/Podgorica" | "Europe/Prague" | "Europe/Riga" | "Europe/Rome" | "Europe/Samara" | "Europe/San_Marino" | "Europe/Sarajevo" | "Europe/Saratov" | "Europe/Simferopol" | "Europe/Skopje" | "Europe/Sofia" | "Europe/Stockholm" | "Europe/Tallinn" | "Europe/Tirane" | "Europe/Tiraspol" | "Europe/Ulyanovsk" | "Europe/Uzhgorod" | "Europe/Vaduz" | "Europe/Vatican" | "Europe/Vienna" | "Europe/Vilnius" | "Europe/Volgograd" | "Europe/Warsaw" | "Europe/Zagreb" | "Europe/Zaporozhye" | "Europe/Zurich" | "Factory" | "GB" | "GB-Eire" | "GMT" | "GMT+0" | "GMT-0" | "GMT0" | "Greenwich" | "HST" | "Hongkong" | "Iceland" | "Indian/Antananarivo" | "Indian/Chagos" | "Indian/Christmas" | "Indian/Cocos" | "Indian/Comoro" | "Indian/Kerguelen" | "Indian/Mahe" | "Indian/Maldives" | "Indian/Mauritius" | "Indian/Mayotte" | "Indian/Reunion" | "Iran" | "Israel" | "Jamaica" | "Japan" | "Kwajalein" | "Libya" | "MET" | "MST" | "MST7MDT" | "Mexico/BajaNorte" | "Mexico/BajaSur" | "Mexico/General" | "NZ" | "NZ-CHAT" | "Navajo" | "PRC" | "PST8PDT" | "Pacific/Apia" | "Pacific/Auckland" | "Pacific/Bougainville" | "Pacific/Chatham" | "Pacific/Chuuk" | "Pacific/Easter" | "Pacific/Efate" | "Pacific/Enderbury" | "Pacific/Fakaofo" | "Pacific/Fiji" | "Pacific/Funafuti" | "Pacific/Galapagos" | "Pacific/Gambier" | "Pacific/Guadalcanal" | "Pacific/Guam" | "Pacific/Honolulu" | "Pacific/Johnston" | "Pacific/Kanton" | "Pacific/Kiritimati" | "Pacific/Kosrae" | "Pacific/Kwajalein" | "Pacific/Majuro" | "Pacific/Marquesas" | "Pacific/Midway" | "Pacific/Nauru" | "Pacific/Niue" | "Pacific/Norfolk" | "Pacific/Noumea" | "Pacific/Pago_Pago" | "Pacific/Palau" | "Pacific/Pitcairn" | "Pacific/Pohnpei" | "Pacific/Ponape" | "Pacific/Port_Moresby" | "Pacific/Rarotonga" | "Pacific/Saipan" | "Pacific/Samoa" | "Pacific/Tahiti" | "Pacific/Tarawa" | "Pacific/Tongatapu" | "Pacific/Truk" | "Pacific/Wake" | "Pacific/Wallis" | "Pacific/Yap" | "Poland" | "Portugal" | "ROC" | "ROK" | "Singapore" | "Turkey" | "UCT" | "US/Alaska" | "US/Aleutian" | "US/Arizona" | "US/Central" | "US/East-Indiana" | "US/Eastern" | "US/Hawaii" | "US/Indiana-Starke" | "US/Michigan" | "US/Mountain" | "US/Pacific" | "US/Samoa" | "UTC" | "Universal" | "W-SU" | "WET" | "Zulu";
                };
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The tasks. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"][];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a task
         * @description A new task is incomplete. With a `uid` of your own, you can repeat the request at any time: the task is created once.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaskCreate"];
                };
            };
            responses: {
                /** @description The task with this `uid`, also one in the trash. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description The task. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a task to another place in the order
         * @description Moves a task, with its subtasks, to another list, another parent or another place there.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TaskMove"];
                };
            };
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Mark a task complete
         * @description A task that recurs stays open and moves to its next occurrence, and its complete subtasks are reopened. If the task is complete already, nothing changes.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["CompletingTask"];
                };
            };
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CompletedTask"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/tasks/{id}/incomplete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Mark a task incomplete
         * @description If the task is incomplete already, nothing changes.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/tasks/{id}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move a recurring task to its next occurrence
         * @description The present occurrence does not count as done. After the last one, the task is complete.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["Completing"];
                };
            };
            responses: {
                /** @description The task. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the days on which a task is due
         * @description The present occurrence and those after it. Those counted from completion are the ones that come if you complete each on its day.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The first day. By default, that of the present occurrence. */
                    from?: string;
                    /** @description The last day. */
                    to?: string;
                    /** @description The maximum number of entries. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The days, the next one first. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Due"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/completed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was done, newest first
         * @description Complete tasks, and each occurrence of a recurring task that was done. The entry of a task disappears when you reopen the task; all entries of a task disappear when it is deleted.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The first day where the user is, or the first instant. */
                    from?: string;
                    /** @description The last day, or the instant that the list ends before. */
                    to?: string;
                    /** @description The maximum number of entries. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Completion"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/quick": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a task from one sentence
         * @description Reads English: days, times, `every …`, `#list`, `@label` and `p1` to `p3`. What is not understood stays in the title. With a `uid` that a task has, the response has status 200 and that task, unchanged.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["QuickAddition"];
                };
            };
            responses: {
                /** @description With `dry_run`: what would be created. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuickAddPreview"] | components["schemas"]["QuickAddedTask"];
                    };
                };
                /** @description The task, and what was understood. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["QuickAddedTask"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create, update, move, delete and restore many objects
         * @description Runs up to 500 operations in order. Each one sees the effects of the operations before it. If a `create` has a `ref`, later operations can refer to its task. If an operation of an atomic batch fails, nothing takes effect, and the response is the error of the first operation that fails, with its `index`. In a batch that is not atomic, each operation succeeds or fails on its own. The result of a failed operation is its error. An operation that refers to a failed `create` gets the status 424.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 1 MiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            responses: {
                /** @description The result of each operation. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BatchResult"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what changed since a cursor
         * @description Apply `removed` to your copy, then the other arrays, and store the cursor with the copy. Send the next request immediately while `has_more` is true. You can use a cursor more than once. After 410, delete your copy and start without a cursor.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The `cursor` of the previous response. Without it, the response has everything. */
                    cursor?: string;
                    /** @description The maximum number of objects and removals in the response. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The changes. Each changed object appears once. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Delta"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/event-ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for an event stream
         * @description Send it without a body. A browser's `EventSource` can't send a header. It opens the stream with `?ticket=` instead, within 60 seconds. A ticket is good for one stream, which ends with the credential that you get the ticket with.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The ticket. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Ticket"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tasks/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of a task, newest first
         * @description A deleted task has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The maximum number of entries on the page. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Entry"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of a list, newest first
         * @description A deleted list has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The maximum number of entries on the page. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListEntry"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/labels/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of a label, newest first
         * @description A deleted label has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The maximum number of entries on the page. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LabelEntry"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/filters/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of a filter, newest first
         * @description A deleted filter has a history too. Changes are kept for `CHANGES_RETENTION_DAYS`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The maximum number of entries on the page. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FilterEntry"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your lists, in their order */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The lists. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"][];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a list
         * @description A new one comes last. With a `uid` of your own, you can repeat the request at any time.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListCreate"];
                };
            };
            responses: {
                /** @description The list that has this `uid`, unchanged. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"];
                    };
                };
                /** @description The list. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/lists/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one list */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The list. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a list
         * @description The tasks of the list go to the trash with it. With `tasks=keep`, they go to the Inbox instead.
         */
        delete: {
            parameters: {
                query?: {
                    /** @description `keep`: the tasks of the list go to the Inbox. */
                    tasks?: "keep";
                    /** @description `true`: delete permanently, and not to the trash. */
                    permanent?: "true" | "false";
                };
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The list is deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change fields of a list
         * @description Replaces the fields that you send; `null` clears a field (RFC 7396).
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ListPatch"];
                    "application/merge-patch+json": components["schemas"]["ListPatch"];
                };
            };
            responses: {
                /** @description The list. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/lists/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a list to another place in the order */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Move"];
                };
            };
            responses: {
                /** @description The list. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["List"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your labels, in their order */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The labels. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"][];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a label
         * @description A new one comes last. With a `uid` of your own, you can repeat the request at any time.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LabelCreate"];
                };
            };
            responses: {
                /** @description The label that has this `uid`, unchanged. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"];
                    };
                };
                /** @description The label. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/labels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one label */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The label. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete a label
         * @description Takes the label off all tasks.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The label is deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change fields of a label
         * @description Replaces the fields that you send; `null` clears a field (RFC 7396).
         */
        patch: {
            parameters: {
                query?: {
                    /** @description `true`: if another label has the name, it takes the place of this one on all tasks, and this one is removed. */
                    merge?: "true" | "false";
                };
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LabelPatch"];
                    "application/merge-patch+json": components["schemas"]["LabelPatch"];
                };
            };
            responses: {
                /** @description The label. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/labels/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a label to another place in the order */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Move"];
                };
            };
            responses: {
                /** @description The label. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Label"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/filters/parse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a filter, and write it in its canonical form
         * @description The lists and labels that it names need not exist. For a filter that is not valid, `errors` has columns.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FilterText"];
                };
            };
            responses: {
                /** @description The canonical form. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CanonicalFilter"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/filters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List your filters, in their order */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The filters. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"][];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a filter
         * @description A new one comes last. With a `uid` of your own, you can repeat the request at any time.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FilterCreate"];
                };
            };
            responses: {
                /** @description The filter that has this `uid`, unchanged. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"];
                    };
                };
                /** @description The filter. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/filters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one filter */
        get: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The `ETag` of the version that you have, such as `"7"`. If nothing changed: 304. */
                    "If-None-Match"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The filter. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Delete a filter */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The filter is deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change fields of a filter
         * @description Replaces the fields that you send; `null` clears a field (RFC 7396).
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["FilterPatch"];
                    "application/merge-patch+json": components["schemas"]["FilterPatch"];
                };
            };
            responses: {
                /** @description The filter. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/filters/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a filter to another place in the order */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description Change the task only if it still has this `ETag`, such as `"7"`; otherwise 412. */
                    "If-Match"?: string;
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Move"];
                };
            };
            responses: {
                /** @description The filter. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Filter"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is in the trash, newest first
         * @description Each entry is a deleted task or list. What was deleted together with it is not listed, but counted.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The maximum number of entries on the page. */
                    limit?: number;
                    /** @description Where the page begins. It is part of the URL in the `Link` header of the previous page. */
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The entries. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Trashed"][];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete everything in the trash permanently
         * @description One request deletes at most 20 000 objects. While the response is 200, send the next one.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The trash is not empty yet. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Emptied"];
                    };
                };
                /** @description The trash is empty. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trash/{type}/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move an object out of the trash
         * @description Send it without a body. The object comes back where it was, with everything that was deleted together with it. If its list or its parent is gone, it comes last in the Inbox or at the top level.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The type of the object. */
                    type: "task" | "list";
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The object. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"] | components["schemas"]["List"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/trash/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an object in the trash permanently */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    /** @description The type of the object. */
                    type: "task" | "list";
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The object is gone, with everything that was deleted together with it. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Undo an operation
         * @description Undoes the operation that made the change with this revision, with all its changes: a deletion with everything that went to the trash, or a new name of a label on all tasks. What was created goes to the trash. If a field has changed since, nothing is undone (409). An undo is an operation too, and you can undo it.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 256 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Undo"];
                };
            };
            responses: {
                /** @description What was undone. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Undone"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the current user
         * @description For a user of an external issuer, only `id` is known, and `created_at` after the first write.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The user. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * Delete the current user and all their data
         * @description Permanently deletes tasks, history and access tokens. A built-in account is deleted too, and requests with its tokens get 401 from then on. A user of an external issuer starts again, without data, at the next write.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The user and all their data are deleted. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change your settings
         * @description Replaces the fields that you send; `null` clears `name` and `time_zone`. Your other clients learn of it by sync and events.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 16 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["UserPatch"];
                    "application/merge-patch+json": components["schemas"]["UserPatch"];
                };
            };
            responses: {
                /** @description The user. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["User"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List your personal access tokens, newest first
         * @description The list includes expired tokens. It does not contain the secret values of the tokens.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The tokens. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Token"][];
                    };
                };
            };
        };
        put?: never;
        /**
         * Create a personal access token
         * @description Only this response contains `token`. The service stores a hash of it and can't show it again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            /** @description The request body must be 16 KiB or less. */
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TokenCreate"];
                };
            };
            responses: {
                /** @description The token. */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewToken"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a personal access token
         * @description Every process rejects the token after 60 seconds at most.
         */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description A new string for each write, such as a UUID: `"8e03978e-40d5-43e8-bc93-6894a57f9324"`. Repeat the request with the same key until you get a response. The write takes effect once, and for 24 hours each repeated request gets the same response. If the response has more than 4 KiB, a repeated one has the current versions of the tasks. */
                    "Idempotency-Key"?: string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The token is revoked. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Batch */
        Batch: {
            /**
             * Atomic
             * @description By default, all take effect or none. False: each one on its own.
             */
            atomic?: boolean;
            /** Operations */
            operations: (components["schemas"]["BatchCreate"] | components["schemas"]["BatchUpdate"] | components["schemas"]["BatchComplete"] | components["schemas"]["BatchReopen"] | components["schemas"]["BatchCreateList"] | components["schemas"]["BatchUpdateList"] | components["schemas"]["BatchCreateLabel"] | components["schemas"]["BatchUpdateLabel"] | components["schemas"]["BatchCreateFilter"] | components["schemas"]["BatchUpdateFilter"] | components["schemas"]["BatchRestore"] | components["schemas"]["BatchDelete"] | components["schemas"]["BatchMove"])[];
        };
        /** BatchComplete */
        BatchComplete: {
            /**
             * Occurrence
             * @description The `anchor` of the occurrence. If the task is at another one, nothing changes.
             */
            occurrence?: string | null;
            /**
             * Completed At
             * @description When it was done, for what was done offline.
             */
            completed_at?: string | null;
            /**
             * Time Zone
             * @description Where it was done: the days of this time zone count.
             */
            time_zone?: components["schemas"]["TimeZone"] | null;
            /**
             * Op
             * @enum {string}
             */
            op: "complete" | "skip";
            /**
             * Type
             * @constant
             */
            type?: "task";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
        };
        /** BatchCreate */
        BatchCreate: {
            /**
             * Op
             * @constant
             */
            op: "create";
            /**
             * Type
             * @constant
             */
            type?: "task";
            /**
             * Ref
             * @description A name that later operations can refer to.
             */
            ref?: string;
            task: components["schemas"]["BatchTaskCreate"];
        };
        /** BatchCreateFilter */
        BatchCreateFilter: {
            /**
             * Op
             * @constant
             */
            op: "create";
            /**
             * Type
             * @constant
             */
            type: "filter";
            /**
             * Ref
             * @description A name that later operations can refer to.
             */
            ref?: string;
            filter: components["schemas"]["FilterCreate"];
        };
        /** BatchCreateLabel */
        BatchCreateLabel: {
            /**
             * Op
             * @constant
             */
            op: "create";
            /**
             * Type
             * @constant
             */
            type: "label";
            /**
             * Ref
             * @description A name that later operations can refer to.
             */
            ref?: string;
            label: components["schemas"]["LabelCreate"];
        };
        /** BatchCreateList */
        BatchCreateList: {
            /**
             * Op
             * @constant
             */
            op: "create";
            /**
             * Type
             * @constant
             */
            type: "list";
            /**
             * Ref
             * @description A name that later operations can refer to.
             */
            ref?: string;
            list: components["schemas"]["ListCreate"];
        };
        /** BatchDelete */
        BatchDelete: {
            /**
             * Op
             * @constant
             */
            op: "delete";
            /**
             * Type
             * @enum {string}
             */
            type?: "task" | "list" | "label" | "filter";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
        };
        /** BatchDeleted */
        BatchDeleted: {
            /**
             * Status
             * @constant
             */
            status: 204;
        };
        /** BatchDone */
        BatchDone: {
            /**
             * Status
             * @enum {integer}
             */
            status: 200 | 201;
            task: components["schemas"]["CompletedTask"];
        };
        /** BatchDoneFilter */
        BatchDoneFilter: {
            /**
             * Status
             * @enum {integer}
             */
            status: 200 | 201;
            filter: components["schemas"]["Filter"];
        };
        /** BatchDoneLabel */
        BatchDoneLabel: {
            /**
             * Status
             * @enum {integer}
             */
            status: 200 | 201;
            label: components["schemas"]["Label"];
        };
        /** BatchDoneList */
        BatchDoneList: {
            /**
             * Status
             * @enum {integer}
             */
            status: 200 | 201;
            list: components["schemas"]["List"];
        };
        /** BatchMove */
        BatchMove: {
            /**
             * Op
             * @constant
             */
            op: "move";
            /**
             * Type
             * @enum {string}
             */
            type?: "task" | "list" | "label" | "filter";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
            /**
             * List Id
             * @description Of a task: its list.
             */
            list_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /**
             * Parent Id
             * @description Of a task: its parent.
             */
            parent_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /**
             * Before
             * @description The object that comes next.
             */
            before?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /**
             * After
             * @description The object that comes before.
             */
            after?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /**
             * To
             * @description The end of the order.
             */
            to?: ("first" | "last") | null;
            /**
             * Otherwise
             * @description The end to move to if the object named is not there.
             */
            otherwise?: ("first" | "last") | null;
        };
        /** BatchReopen */
        BatchReopen: {
            /**
             * Op
             * @constant
             */
            op: "reopen";
            /**
             * Type
             * @constant
             */
            type?: "task";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
        };
        /** BatchRestore */
        BatchRestore: {
            /**
             * Op
             * @constant
             */
            op: "restore";
            /**
             * Type
             * @enum {string}
             */
            type?: "task" | "list";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
        };
        /** BatchResult */
        BatchResult: {
            /**
             * Results
             * @description One per operation, in order.
             */
            results: (components["schemas"]["BatchDone"] | components["schemas"]["BatchDoneList"] | components["schemas"]["BatchDoneLabel"] | components["schemas"]["BatchDoneFilter"] | components["schemas"]["BatchDeleted"] | components["schemas"]["Problem"])[];
        };
        /** BatchTaskCreate */
        BatchTaskCreate: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title: string;
            /** @description Up to 5000 characters, kept as sent. */
            description?: string | null;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
            /** @description The list. Absent: the Inbox. */
            list_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /** @description The task that this is a subtask of. */
            parent_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /** @description `high`, `medium` or `low`. */
            priority?: ("high" | "medium" | "low") | null;
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[] | null;
            /** @description When the task is due. */
            due?: components["schemas"]["Due"] | null;
            /** @description When the work can start. */
            start?: components["schemas"]["Due"] | null;
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][] | null;
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"] | null;
        };
        /**
         * BatchTaskPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        BatchTaskPatch: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title?: string;
            /** @description Up to 5000 characters, kept as sent. */
            description?: string | null;
            /**
             * @description `incomplete` or `complete`.
             * @enum {string}
             */
            status?: "incomplete" | "complete";
            /** @description The list. Absent: the Inbox. */
            list_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /** @description The task that this is a subtask of. */
            parent_id?: number | components["schemas"]["Reference"] | components["schemas"]["Uid"] | null;
            /** @description `high`, `medium` or `low`. */
            priority?: ("high" | "medium" | "low") | null;
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[] | null;
            /** @description When the task is due. */
            due?: components["schemas"]["Due"] | null;
            /** @description When the work can start. */
            start?: components["schemas"]["Due"] | null;
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][] | null;
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"] | null;
            /** @description Labels to add to those of the task. Not with `labels`. */
            add_labels?: string[] | null;
            /** @description Labels to take off the task. Not with `labels`. */
            remove_labels?: string[] | null;
        };
        /** BatchUpdate */
        BatchUpdate: {
            /**
             * Op
             * @constant
             */
            op: "update";
            /**
             * Type
             * @constant
             */
            type?: "task";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
            task: components["schemas"]["BatchTaskPatch"];
        };
        /** BatchUpdateFilter */
        BatchUpdateFilter: {
            /**
             * Op
             * @constant
             */
            op: "update";
            /**
             * Type
             * @constant
             */
            type: "filter";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
            filter: components["schemas"]["FilterPatch"];
        };
        /** BatchUpdateLabel */
        BatchUpdateLabel: {
            /**
             * Op
             * @constant
             */
            op: "update";
            /**
             * Type
             * @constant
             */
            type: "label";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
            label: components["schemas"]["LabelPatch"];
        };
        /** BatchUpdateList */
        BatchUpdateList: {
            /**
             * Op
             * @constant
             */
            op: "update";
            /**
             * Type
             * @constant
             */
            type: "list";
            /**
             * Id
             * @description An object, or a reference to a new object of this batch.
             */
            id: number | components["schemas"]["Reference"] | components["schemas"]["Uid"];
            /**
             * If Match
             * @description The revision that the object must have; otherwise 412.
             */
            if_match?: number;
            list: components["schemas"]["ListPatch"];
        };
        /** CanonicalFilter */
        CanonicalFilter: {
            /**
             * Filter
             * @description The filter in its canonical form.
             */
            filter: string;
        };
        /**
         * ChangeEvent
         * @description The data of an event `change`. Later versions add types: ignore those that you do not know.
         */
        ChangeEvent: components["schemas"]["TaskChange"] | components["schemas"]["ListChange"] | components["schemas"]["LabelChange"] | components["schemas"]["FilterChange"] | components["schemas"]["UserChange"];
        /**
         * ChangeKind
         * @description What happened to an object. Later versions add kinds: ignore those that you do not know.
         * @enum {string}
         */
        ChangeKind: "created" | "updated" | "completed" | "reopened" | "skipped" | "moved" | "deleted" | "restored";
        /**
         * CompletedTask
         * @description A task; `completed_occurrence` if the request completed an occurrence of it.
         */
        CompletedTask: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title: string;
            /** @description Up to 5000 characters, kept as sent. */
            description: string | null;
            /**
             * @description `incomplete` or `complete`.
             * @enum {string}
             */
            status: "incomplete" | "complete";
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description The list. Absent: the Inbox. */
            list_id?: number;
            /** @description The task that this is a subtask of. */
            parent_id?: number;
            /**
             * @description `high`, `medium` or `low`.
             * @enum {string}
             */
            priority?: "high" | "medium" | "low";
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[];
            /** @description When the task is due. */
            due?: components["schemas"]["Due"];
            /** @description When the work can start. */
            start?: components["schemas"]["Due"];
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][];
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"];
            /**
             * Format: date-time
             * @description When it was completed.
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it was moved to the trash.
             */
            deleted_at?: string;
            /** @description The occurrence that this request completed. The task has moved on to the next one. */
            completed_occurrence?: {
                /** @description Set by the service. */
                id: number;
                /** @description When it was due. */
                due: components["schemas"]["Due"];
                /**
                 * Format: date-time
                 * @description When it was completed.
                 */
                completed_at: string;
            };
        };
        /**
         * Completing
         * @description What was completed, and when. Without a member: the present occurrence, now, where the user is.
         */
        Completing: {
            /**
             * Occurrence
             * @description The `anchor` of the occurrence. If the task is at another one, nothing changes.
             */
            occurrence?: string | null;
            /**
             * Completed At
             * @description When it was done, for what was done offline.
             */
            completed_at?: string | null;
            /**
             * Time Zone
             * @description Where it was done: the days of this time zone count.
             */
            time_zone?: components["schemas"]["TimeZone"] | null;
        };
        /**
         * CompletingTask
         * @description What was completed, and when. A body that has none of these members is ignored.
         */
        CompletingTask: {
            /**
             * Occurrence
             * @description The `anchor` of the occurrence. If the task is at another one, nothing changes.
             */
            occurrence?: string | null;
            /**
             * Completed At
             * @description When it was done, for what was done offline.
             */
            completed_at?: string | null;
            /**
             * Time Zone
             * @description Where it was done: the days of this time zone count.
             */
            time_zone?: components["schemas"]["TimeZone"] | null;
        } & {
            [key: string]: unknown;
        };
        /** Completion */
        Completion: {
            /** @description Set by the service. */
            task_id: number;
            /** @description Of an occurrence: the title when it was done. */
            title: string;
            /**
             * Format: date-time
             * @description When it was completed.
             */
            completed_at: string;
            /** @description Who completed it. */
            actor: string;
            /** @description When it was due. */
            due?: components["schemas"]["Due"];
            /**
             * Format: date
             * @description The day in the schedule, for a recurring task.
             */
            occurrence?: string;
        };
        /** Delta */
        Delta: {
            /**
             * Tasks
             * @description The current version of each task that changed. Each task appears once.
             */
            tasks: components["schemas"]["Task"][];
            /**
             * Lists
             * @description The lists that changed.
             */
            lists: components["schemas"]["List"][];
            /**
             * Labels
             * @description The labels that changed.
             */
            labels: components["schemas"]["Label"][];
            /**
             * Filters
             * @description The saved filters that changed.
             */
            filters: components["schemas"]["Filter"][];
            /** @description Your settings, if they changed. */
            user?: components["schemas"]["User"] | null;
            /**
             * Removed
             * @description What was deleted. It can name objects that you never had.
             */
            removed: components["schemas"]["Removed"][];
            /**
             * Cursor
             * @description The cursor for the next request.
             */
            cursor: string;
            /**
             * Has More
             * @description If true, there is more: send the next request immediately.
             */
            has_more: boolean;
        };
        Due: {
            /**
             * Format: date
             * @description The day.
             */
            date: string;
            /** @description The time of day. Absent: the whole day. */
            time?: string;
            /** @description The zone of the time. Absent: wherever you are. */
            time_zone?: components["schemas"]["TimeZone"];
        };
        /** Emptied */
        Emptied: {
            /**
             * Has More
             * @description There is more in the trash: send the request again.
             * @constant
             */
            has_more: true;
        };
        /** Entry */
        Entry: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** @description The task before the change. Null for a creation or a restore. */
            before: components["schemas"]["Task"] | null;
            /** @description The task after the change. Null for a deletion. */
            after: components["schemas"]["Task"] | null;
        };
        /**
         * ErrorCode
         * @description Identifies an error. A code never changes, and later versions add some. docs/errors.md describes each one.
         * @enum {string}
         */
        ErrorCode: "invalid_input" | "not_authenticated" | "token_expired" | "invalid_token" | "invalid_email_or_password" | "forbidden" | "not_your_tasks" | "insufficient_scope" | "invalid_origin" | "session_not_fresh" | "account_disabled" | "sign_up_closed" | "not_found" | "task_not_found" | "list_not_found" | "label_not_found" | "change_not_found" | "filter_not_found" | "user_not_found" | "token_not_found" | "method_not_allowed" | "request_timeout" | "malformed_request" | "target_too_long" | "headers_too_large" | "transfer_coding_unsupported" | "conflict" | "user_already_exists" | "label_taken" | "changed_since" | "cycle_of_parents" | "not_recurring" | "limit_reached" | "too_many_tokens" | "request_in_progress" | "gone" | "change_expired" | "cursor_expired" | "stale" | "idempotency_key_reused" | "operation_skipped" | "too_large" | "too_much" | "unsupported_media_type" | "too_many_requests" | "rate_limited" | "internal_error" | "overloaded" | "unavailable" | "misconfigured";
        /**
         * FaultCode
         * @description Identifies a fault. A code never changes, and later versions add some. docs/errors.md describes each one.
         * @enum {string}
         */
        FaultCode: "required" | "too_long" | "wrong_type" | "unsupported_text" | "read_only" | "unknown_field" | "invalid_priority" | "invalid_include" | "invalid_week_start" | "invalid_date_order" | "invalid_date" | "invalid_time" | "unknown_time_zone" | "needs_time" | "needs_due" | "invalid_basis" | "invalid_rule" | "invalid_reminders" | "invalid_reminder" | "invalid_minutes" | "in_future" | "too_early" | "invalid_instant" | "nothing_to_change" | "invalid_email" | "password_too_short" | "password_too_long" | "password_compromised" | "invalid_password" | "invalid_callback_url" | "not_json" | "repeated_field" | "not_an_object" | "list_not_found" | "task_not_found" | "label_not_found" | "filter_not_found" | "invalid_color" | "invalid_names" | "changed_since" | "not_undoable" | "too_many_labels" | "two_changes" | "two_places" | "invalid_end" | "other_list" | "too_deep" | "unknown_type" | "invalid_parameter" | "invalid_task_id" | "invalid_id" | "invalid_token_id" | "invalid_status" | "invalid_filter" | "invalid_sort" | "invalid_scopes" | "invalid_expiry" | "invalid_header" | "invalid_key" | "key_not_supported" | "unknown_parameter" | "repeated_parameter" | "too_many_parameters" | "invalid_limit" | "invalid_operations" | "unknown_operation" | "invalid_ref" | "duplicate_ref" | "unknown_ref" | "invalid_revision" | "invalid_cursor";
        /** FieldFault */
        FieldFault: {
            /**
             * Field
             * @description The name of the field. Empty for the body as a whole.
             */
            field: string;
            code: components["schemas"]["FaultCode"];
            /** Message */
            message: string;
            /**
             * Column
             * @description Where in a filter the fault is, in code points from 1.
             */
            column?: number | null;
        };
        /** Filter */
        Filter: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description 1 to 1000 characters in the language of docs/filters.md, kept as sent. */
            filter: string;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description The order of the tasks: a value of the parameter `sort`. */
            sort?: string;
            /** @description A color: `#rrggbb`. */
            color?: string;
        };
        /** FilterChange */
        FilterChange: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * Type
             * @constant
             */
            type: "filter";
            /** Id */
            id: number;
            /** @description With `include=objects`: the object as it is when the event is sent. Absent if it was deleted. */
            object?: components["schemas"]["Filter"] | null;
        };
        /** FilterCreate */
        FilterCreate: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description 1 to 1000 characters in the language of docs/filters.md, kept as sent. */
            filter: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
            /** @description The order of the tasks: a value of the parameter `sort`. */
            sort?: string | null;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
        };
        /** FilterEntry */
        FilterEntry: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            before: components["schemas"]["Filter"] | null;
            after: components["schemas"]["Filter"] | null;
        };
        /**
         * FilterPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        FilterPatch: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name?: string;
            /** @description 1 to 1000 characters in the language of docs/filters.md, kept as sent. */
            filter?: string;
            /** @description The order of the tasks: a value of the parameter `sort`. */
            sort?: string | null;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
        };
        /** FilterText */
        FilterText: {
            /** @description 1 to 1000 characters in the language of docs/filters.md, kept as sent. */
            filter: string;
        };
        /** Health */
        Health: {
            /**
             * Status
             * @constant
             */
            status: "ok";
        };
        /** Label */
        Label: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 60 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description A color: `#rrggbb`. */
            color?: string;
        };
        /** LabelChange */
        LabelChange: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * Type
             * @constant
             */
            type: "label";
            /** Id */
            id: number;
            /** @description With `include=objects`: the object as it is when the event is sent. Absent if it was deleted. */
            object?: components["schemas"]["Label"] | null;
        };
        /** LabelCreate */
        LabelCreate: {
            /** @description 1 to 60 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
        };
        /** LabelEntry */
        LabelEntry: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            before: components["schemas"]["Label"] | null;
            after: components["schemas"]["Label"] | null;
        };
        /**
         * LabelPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        LabelPatch: {
            /** @description 1 to 60 characters, at least one of them visible; surrounding white space is trimmed. */
            name?: string;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
        };
        /** List */
        List: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description A color: `#rrggbb`. */
            color?: string;
            /** @description 1 to 16 characters, at least one of them visible; surrounding white space is trimmed. */
            icon?: string;
            /** @description Whether the list is put away. */
            archived?: boolean;
            /**
             * Format: date-time
             * @description When it was moved to the trash.
             */
            deleted_at?: string;
        };
        /** ListChange */
        ListChange: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * Type
             * @constant
             */
            type: "list";
            /** Id */
            id: number;
            /** @description With `include=objects`: the object as it is when the event is sent. Absent if it was deleted. */
            object?: components["schemas"]["List"] | null;
        };
        /** ListCreate */
        ListCreate: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
            /** @description 1 to 16 characters, at least one of them visible; surrounding white space is trimmed. */
            icon?: string | null;
            /** @description Whether the list is put away. */
            archived?: boolean | null;
        };
        /** ListEntry */
        ListEntry: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            before: components["schemas"]["List"] | null;
            after: components["schemas"]["List"] | null;
        };
        /**
         * ListPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        ListPatch: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name?: string;
            /** @description A color: `#rrggbb`. */
            color?: string | null;
            /** @description 1 to 16 characters, at least one of them visible; surrounding white space is trimmed. */
            icon?: string | null;
            /** @description Whether the list is put away. */
            archived?: boolean | null;
        };
        /**
         * Move
         * @description A place before or after another object, or at an end of the order (`to`; by default the last place).
         */
        Move: {
            /**
             * Before
             * @description The object that comes next.
             */
            before?: number | null;
            /**
             * After
             * @description The object that comes before.
             */
            after?: number | null;
            /**
             * To
             * @description The end of the order.
             */
            to?: ("first" | "last") | null;
            /**
             * Otherwise
             * @description The end to move to if the object named is not there.
             */
            otherwise?: ("first" | "last") | null;
        };
        /** NewToken */
        NewToken: {
            /** Id */
            id: number;
            /** Name */
            name: string;
            /** Scopes */
            scopes: ("tasks:read" | "tasks:write")[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description Null: the token does not expire.
             */
            expires_at: string | null;
            /**
             * Last Used At
             * @description Accurate to about five minutes. Null: no use is known.
             */
            last_used_at: string | null;
            /**
             * Token
             * @description The secret value of the token.
             */
            token: string;
        };
        /** PoolHealth */
        PoolHealth: {
            /** Open */
            open: number;
            /** Idle */
            idle: number;
            /** Busy */
            busy: number;
            /** Max */
            max: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * Problem
         * @description An error (RFC 9457). `error` is a sentence for users. Some errors have additional members.
         */
        Problem: {
            /** Type */
            type: string;
            /** Title */
            title: string;
            /** Status */
            status: number;
            /** Detail */
            detail: string;
            /**
             * Error
             * @description A sentence that you can show to your user.
             */
            error: string;
            code: components["schemas"]["ErrorCode"];
            /**
             * Errors
             * @description The faults of an invalid request.
             */
            errors?: components["schemas"]["FieldFault"][] | null;
            /**
             * Current
             * @description The current version of the object, if the token has `tasks:read`.
             */
            current?: components["schemas"]["Task"] | components["schemas"]["List"] | components["schemas"]["Label"] | components["schemas"]["Filter"] | null;
            /**
             * Index
             * @description The position of the failed operation in a batch, from 0.
             */
            index?: number | null;
            /**
             * Request Id
             * @description The id of the request in the log, after an internal error.
             */
            request_id?: string | null;
        };
        /** QuickAddPreview */
        QuickAddPreview: {
            /** @description The fields that the new task would have. */
            task: components["schemas"]["TaskCreate"];
            /**
             * Parsed
             * @description What was understood, in the order of the text.
             */
            parsed: components["schemas"]["Span"][];
        };
        /** QuickAddedTask */
        QuickAddedTask: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title: string;
            /** @description Up to 5000 characters, kept as sent. */
            description: string | null;
            /**
             * @description `incomplete` or `complete`.
             * @enum {string}
             */
            status: "incomplete" | "complete";
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description The list. Absent: the Inbox. */
            list_id?: number;
            /** @description The task that this is a subtask of. */
            parent_id?: number;
            /**
             * @description `high`, `medium` or `low`.
             * @enum {string}
             */
            priority?: "high" | "medium" | "low";
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[];
            /** @description When the task is due. */
            due?: components["schemas"]["Due"];
            /** @description When the work can start. */
            start?: components["schemas"]["Due"];
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][];
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"];
            /**
             * Format: date-time
             * @description When it was completed.
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it was moved to the trash.
             */
            deleted_at?: string;
            /** @description What was understood, in the order of the text. */
            parsed: components["schemas"]["Span"][];
        };
        /** QuickAddition */
        QuickAddition: {
            /** @description 1 to 1000 characters, at least one of them visible; surrounding white space is trimmed. */
            text: string;
            /** @description Where the user's days begin and end. Absent: as in their settings. */
            time_zone?: components["schemas"]["TimeZone"] | null;
            /** @description The moment at which the text was typed. Absent: now. */
            now?: string | null;
            /** @description Only tell what would be created. */
            dry_run?: boolean | null;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
        };
        /** Readiness */
        Readiness: {
            /**
             * Status
             * @constant
             */
            status: "ok";
            /** Schema Version */
            schema_version: string;
        };
        /** Reference */
        Reference: {
            /**
             * Ref
             * @description The `ref` of an earlier `create` in this batch.
             */
            ref: string;
        };
        /** Removed */
        Removed: {
            /**
             * Type
             * @enum {string}
             */
            type: "task" | "list" | "label" | "filter";
            /** Id */
            id: number;
        };
        /** Span */
        Span: {
            /**
             * Start
             * @description Where the part begins in the text, in code points.
             */
            start: number;
            /**
             * End
             * @description Where the part ends.
             */
            end: number;
            /**
             * Field
             * @description The field of the task that it sets.
             */
            field: string;
        };
        /** Task */
        Task: {
            /** @description Set by the service. */
            id: number;
            /** @description The id of the owner, exactly as in the token. */
            user_id: string;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title: string;
            /** @description Up to 5000 characters, kept as sent. */
            description: string | null;
            /**
             * @description `incomplete` or `complete`.
             * @enum {string}
             */
            status: "incomplete" | "complete";
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; never changes.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description ISO 8601 in UTC; set at every change.
             */
            updated_at: string;
            /** @description The revision of the last change to this object. */
            revision: number;
            /** @description An opaque key: siblings are in the order of `position`, compared by code points, and `id`. */
            position: string;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string;
            /** @description The list. Absent: the Inbox. */
            list_id?: number;
            /** @description The task that this is a subtask of. */
            parent_id?: number;
            /**
             * @description `high`, `medium` or `low`.
             * @enum {string}
             */
            priority?: "high" | "medium" | "low";
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[];
            /** @description When the task is due. */
            due?: components["schemas"]["Due"];
            /** @description When the work can start. */
            start?: components["schemas"]["Due"];
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][];
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"];
            /**
             * Format: date-time
             * @description When it was completed.
             */
            completed_at?: string;
            /**
             * Format: date-time
             * @description When it was moved to the trash.
             */
            deleted_at?: string;
        };
        /** TaskChange */
        TaskChange: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * Type
             * @constant
             */
            type: "task";
            /** Id */
            id: number;
            /** @description With `include=objects`: the object as it is when the event is sent. Absent if it was deleted. */
            object?: components["schemas"]["Task"] | null;
        };
        /** TaskCreate */
        TaskCreate: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title: string;
            /** @description Up to 5000 characters, kept as sent. */
            description?: string | null;
            /** @description 1 to 255 characters that you choose, such as a UUID; unique among your objects of one type. Only on create. */
            uid?: string | null;
            /** @description The list. Absent: the Inbox. */
            list_id?: number | null;
            /** @description The task that this is a subtask of. */
            parent_id?: number | null;
            /** @description `high`, `medium` or `low`. */
            priority?: ("high" | "medium" | "low") | null;
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[] | null;
            /** @description When the task is due. */
            due?: components["schemas"]["Due"] | null;
            /** @description When the work can start. */
            start?: components["schemas"]["Due"] | null;
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][] | null;
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"] | null;
        };
        /**
         * TaskMove
         * @description A list and a parent, and a place there.
         */
        TaskMove: {
            /**
             * Before
             * @description The object that comes next.
             */
            before?: number | null;
            /**
             * After
             * @description The object that comes before.
             */
            after?: number | null;
            /**
             * To
             * @description The end of the order.
             */
            to?: ("first" | "last") | null;
            /**
             * Otherwise
             * @description The end to move to if the object named is not there.
             */
            otherwise?: ("first" | "last") | null;
            /**
             * List Id
             * @description The list; null is the Inbox. By default, the present one.
             */
            list_id?: number | null;
            /**
             * Parent Id
             * @description The task that it becomes a subtask of, or null.
             */
            parent_id?: number | null;
        };
        /**
         * TaskPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        TaskPatch: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title?: string;
            /** @description Up to 5000 characters, kept as sent. */
            description?: string | null;
            /**
             * @description `incomplete` or `complete`.
             * @enum {string}
             */
            status?: "incomplete" | "complete";
            /** @description The list. Absent: the Inbox. */
            list_id?: number | null;
            /** @description The task that this is a subtask of. */
            parent_id?: number | null;
            /** @description `high`, `medium` or `low`. */
            priority?: ("high" | "medium" | "low") | null;
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[] | null;
            /** @description When the task is due. */
            due?: components["schemas"]["Due"] | null;
            /** @description When the work can start. */
            start?: components["schemas"]["Due"] | null;
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][] | null;
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"] | null;
            /** @description Labels to add to those of the task. Not with `labels`. */
            add_labels?: string[] | null;
            /** @description Labels to take off the task. Not with `labels`. */
            remove_labels?: string[] | null;
        };
        /**
         * TaskUpdate
         * @description At least one field. Fields that are absent keep their values.
         */
        TaskUpdate: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            title?: string;
            /** @description Up to 5000 characters, kept as sent. */
            description?: string | null;
            /** @description The list. Absent: the Inbox. */
            list_id?: number | null;
            /** @description The task that this is a subtask of. */
            parent_id?: number | null;
            /** @description `high`, `medium` or `low`. */
            priority?: ("high" | "medium" | "low") | null;
            /** @description Up to 50 names of labels, each of 1 to 60 characters. A name that no label has makes one. */
            labels?: string[] | null;
            /** @description When the task is due. */
            due?: components["schemas"]["Due"] | null;
            /** @description When the work can start. */
            start?: components["schemas"]["Due"] | null;
            /** @description Up to 20 reminders, each some minutes before the task is due, or at an instant. */
            reminders?: components["schemas"]["Reminder"][] | null;
            /** @description When the task is due again; needs `due`. */
            recurrence?: components["schemas"]["Recurrence"] | null;
        };
        /** Ticket */
        Ticket: {
            /**
             * Ticket
             * @description The ticket. No other response contains it.
             */
            ticket: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /** Token */
        Token: {
            /** Id */
            id: number;
            /** Name */
            name: string;
            /** Scopes */
            scopes: ("tasks:read" | "tasks:write")[];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * @description Null: the token does not expire.
             */
            expires_at: string | null;
            /**
             * Last Used At
             * @description Accurate to about five minutes. Null: no use is known.
             */
            last_used_at: string | null;
        };
        /** TokenCreate */
        TokenCreate: {
            /**
             * Name
             * @description 1 to 100 characters, at least one of them visible; surrounding white space is trimmed.
             */
            name: string;
            /**
             * Scopes
             * @description What the token may be used for. By default: everything in this list.
             */
            scopes?: ("tasks:read" | "tasks:write")[];
            /**
             * Expires In Days
             * @description Null: the token does not expire.
             */
            expires_in_days?: number | null;
        };
        /** Trashed */
        Trashed: {
            /**
             * Type
             * @enum {string}
             */
            type: "task" | "list";
            /**
             * Deleted At
             * Format: date-time
             */
            deleted_at: string;
            /**
             * Count
             * @description How many objects come back with a restore, this one included.
             */
            count: number;
            /** Object */
            object: components["schemas"]["Task"] | components["schemas"]["List"];
        };
        /** Uid */
        Uid: {
            /**
             * Uid
             * @description The `uid` of an object.
             */
            uid: string;
        };
        /** Undo */
        Undo: {
            /**
             * Revision
             * @description The revision of a change of the operation.
             */
            revision: number;
        };
        /** Undone */
        Undone: {
            /**
             * Undone
             * @description The objects that changed back.
             */
            undone: components["schemas"]["Removed"][];
            /**
             * Revision
             * @description The revision of the last change that this made.
             */
            revision: number;
        };
        /** User */
        User: {
            /** @description The user id, as in the token. */
            id: string;
            /** @description Null for a user of an external issuer. */
            email: string | null;
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name: string | null;
            /** @description Where the user's days begin and end. Null: UTC. */
            time_zone: components["schemas"]["TimeZone"] | null;
            /**
             * @description The first day of the week.
             * @enum {string}
             */
            week_start: "monday" | "sunday" | "saturday";
            /** @description The time of day that reminders of a task without a time count from. */
            day_start: string;
            /**
             * @description How quick add reads a date such as 3/4: day first, or month first.
             * @enum {string}
             */
            date_order: "dmy" | "mdy";
            /** @description Null for a user of an external issuer before their first write. */
            created_at: string | null;
        };
        /** UserChange */
        UserChange: {
            /** Revision */
            revision: number;
            kind: components["schemas"]["ChangeKind"];
            /**
             * Actor
             * @description Who made the change: the owner, or a user who acted for the owner.
             */
            actor: string;
            /**
             * Via
             * @description The name of the access token that made the change, if one did.
             */
            via?: string | null;
            /**
             * Type
             * @constant
             */
            type: "user";
            /**
             * Id
             * @description The id of the user, whose settings changed.
             */
            id: string;
            /** @description With `include=objects`: the object as it is when the event is sent. Absent if it was deleted. */
            object?: components["schemas"]["User"] | null;
        };
        /**
         * UserPatch
         * @description At least one field. Fields that are absent keep their values.
         */
        UserPatch: {
            /** @description 1 to 255 characters, at least one of them visible; surrounding white space is trimmed. */
            name?: string | null;
            /** @description Where the user's days begin and end. Null: UTC. */
            time_zone?: components["schemas"]["TimeZone"] | null;
            /**
             * @description The first day of the week.
             * @enum {string}
             */
            week_start?: "monday" | "sunday" | "saturday";
            /** @description The time of day that reminders of a task without a time count from. */
            day_start?: string;
            /**
             * @description How quick add reads a date such as 3/4: day first, or month first.
             * @enum {string}
             */
            date_order?: "dmy" | "mdy";
        };
        /**
         * @description The name of a time zone of the IANA database.
         * @enum {string}
         */
        TimeZone: "Africa/Abidjan" | "Africa/Accra" | "Africa/Addis_Ababa" | "Africa/Algiers" | "Africa/Asmara" | "Africa/Asmera" | "Africa/Bamako" | "Africa/Bangui" | "Africa/Banjul" | "Africa/Bissau" | "Africa/Blantyre" | "Africa/Brazzaville" | "Africa/Bujumbura" | "Africa/Cairo" | "Africa/Casablanca" | "Africa/Ceuta" | "Africa/Conakry" | "Africa/Dakar" | "Africa/Dar_es_Salaam" | "Africa/Djibouti" | "Africa/Douala" | "Africa/El_Aaiun" | "Africa/Freetown" | "Africa/Gaborone" | "Africa/Harare" | "Africa/Johannesburg" | "Africa/Juba" | "Africa/Kampala" | "Africa/Khartoum" | "Africa/Kigali" | "Africa/Kinshasa" | "Africa/Lagos" | "Africa/Libreville" | "Africa/Lome" | "Africa/Luanda" | "Africa/Lubumbashi" | "Africa/Lusaka" | "Africa/Malabo" | "Africa/Maputo" | "Africa/Maseru" | "Africa/Mbabane" | "Africa/Mogadishu" | "Africa/Monrovia" | "Africa/Nairobi" | "Africa/Ndjamena" | "Africa/Niamey" | "Africa/Nouakchott" | "Africa/Ouagadougou" | "Africa/Porto-Novo" | "Africa/Sao_Tome" | "Africa/Timbuktu" | "Africa/Tripoli" | "Africa/Tunis" | "Africa/Windhoek" | "America/Adak" | "America/Anchorage" | "America/Anguilla" | "America/Antigua" | "America/Araguaina" | "America/Argentina/Buenos_Aires" | "America/Argentina/Catamarca" | "America/Argentina/ComodRivadavia" | "America/Argentina/Cordoba" | "America/Argentina/Jujuy" | "America/Argentina/La_Rioja" | "America/Argentina/Mendoza" | "America/Argentina/Rio_Gallegos" | "America/Argentina/Salta" | "America/Argentina/San_Juan" | "America/Argentina/San_Luis" | "America/Argentina/Tucuman" | "America/Argentina/Ushuaia" | "America/Aruba" | "America/Asuncion" | "America/Atikokan" | "America/Atka" | "America/Bahia" | "America/Bahia_Banderas" | "America/Barbados" | "America/Belem" | "America/Belize" | "America/Blanc-Sablon" | "America/Boa_Vista" | "America/Bogota" | "America/Boise" | "America/Buenos_Aires" | "America/Cambridge_Bay" | "America/Campo_Grande" | "America/Cancun" | "America/Caracas" | "America/Catamarca" | "America/Cayenne" | "America/Cayman" | "America/Chicago" | "America/Chihuahua" | "America/Ciudad_Juarez" | "America/Coral_Harbour" | "America/Cordoba" | "America/Costa_Rica" | "America/Coyhaique" | "America/Creston" | "America/Cuiaba" | "America/Curacao" | "America/Danmarkshavn" | "America/Dawson" | "America/Dawson_Creek" | "America/Denver" | "America/Detroit" | "America/Dominica" | "America/Edmonton" | "America/Eirunepe" | "America/El_Salvador" | "America/Ensenada" | "America/Fort_Nelson" | "America/Fort_Wayne" | "America/Fortaleza" | "America/Glace_Bay" | "America/Godthab" | "America/Goose_Bay" | "America/Grand_Turk" | "America/Grenada" | "America/Guadeloupe" | "America/Guatemala" | "America/Guayaquil" | "America/Guyana" | "America/Halifax" | "America/Havana" | "America/Hermosillo" | "America/Indiana/Indianapolis" | "America/Indiana/Knox" | "America/Indiana/Marengo" | "America/Indiana/Petersburg" | "America/Indiana/Tell_City" | "America/Indiana/Vevay" | "America/Indiana/Vincennes" | "America/Indiana/Winamac" | "America/Indianapolis" | "America/Inuvik" | "America/Iqaluit" | "America/Jamaica" | "America/Jujuy" | "America/Juneau" | "America/Kentucky/Louisville" | "America/Kentucky/Monticello" | "America/Knox_IN" | "America/Kralendijk" | "America/La_Paz" | "America/Lima" | "America/Los_Angeles" | "America/Louisville" | "America/Lower_Princes" | "America/Maceio" | "America/Managua" | "America/Manaus" | "America/Marigot" | "America/Martinique" | "America/Matamoros" | "America/Mazatlan" | "America/Mendoza" | "America/Menominee" | "America/Merida" | "America/Metlakatla" | "America/Mexico_City" | "America/Miquelon" | "America/Moncton" | "America/Monterrey" | "America/Montevideo" | "America/Montreal" | "America/Montserrat" | "America/Nassau" | "America/New_York" | "America/Nipigon" | "America/Nome" | "America/Noronha" | "America/North_Dakota/Beulah" | "America/North_Dakota/Center" | "America/North_Dakota/New_Salem" | "America/Nuuk" | "America/Ojinaga" | "America/Panama" | "America/Pangnirtung" | "America/Paramaribo" | "America/Phoenix" | "America/Port-au-Prince" | "America/Port_of_Spain" | "America/Porto_Acre" | "America/Porto_Velho" | "America/Puerto_Rico" | "America/Punta_Arenas" | "America/Rainy_River" | "America/Rankin_Inlet" | "America/Recife" | "America/Regina" | "America/Resolute" | "America/Rio_Branco" | "America/Rosario" | "America/Santa_Isabel" | "America/Santarem" | "America/Santiago" | "America/Santo_Domingo" | "America/Sao_Paulo" | "America/Scoresbysund" | "America/Shiprock" | "America/Sitka" | "America/St_Barthelemy" | "America/St_Johns" | "America/St_Kitts" | "America/St_Lucia" | "America/St_Thomas" | "America/St_Vincent" | "America/Swift_Current" | "America/Tegucigalpa" | "America/Thule" | "America/Thunder_Bay" | "America/Tijuana" | "America/Toronto" | "America/Tortola" | "America/Vancouver" | "America/Virgin" | "America/Whitehorse" | "America/Winnipeg" | "America/Yakutat" | "America/Yellowknife" | "Antarctica/Casey" | "Antarctica/Davis" | "Antarctica/DumontDUrville" | "Antarctica/Macquarie" | "Antarctica/Mawson" | "Antarctica/McMurdo" | "Antarctica/Palmer" | "Antarctica/Rothera" | "Antarctica/South_Pole" | "Antarctica/Syowa" | "Antarctica/Troll" | "Antarctica/Vostok" | "Arctic/Longyearbyen" | "Asia/Aden" | "Asia/Almaty" | "Asia/Amman" | "Asia/Anadyr" | "Asia/Aqtau" | "Asia/Aqtobe" | "Asia/Ashgabat" | "Asia/Ashkhabad" | "Asia/Atyrau" | "Asia/Baghdad" | "Asia/Bahrain" | "Asia/Baku" | "Asia/Bangkok" | "Asia/Barnaul" | "Asia/Beirut" | "Asia/Bishkek" | "Asia/Brunei" | "Asia/Calcutta" | "Asia/Chita" | "Asia/Choibalsan" | "Asia/Chongqing" | "Asia/Chungking" | "Asia/Colombo" | "Asia/Dacca" | "Asia/Damascus" | "Asia/Dhaka" | "Asia/Dili" | "Asia/Dubai" | "Asia/Dushanbe" | "Asia/Famagusta" | "Asia/Gaza" | "Asia/Harbin" | "Asia/Hebron" | "Asia/Ho_Chi_Minh" | "Asia/Hong_Kong" | "Asia/Hovd" | "Asia/Irkutsk" | "Asia/Istanbul" | "Asia/Jakarta" | "Asia/Jayapura" | "Asia/Jerusalem" | "Asia/Kabul" | "Asia/Kamchatka" | "Asia/Karachi" | "Asia/Kashgar" | "Asia/Kathmandu" | "Asia/Katmandu" | "Asia/Khandyga" | "Asia/Kolkata" | "Asia/Krasnoyarsk" | "Asia/Kuala_Lumpur" | "Asia/Kuching" | "Asia/Kuwait" | "Asia/Macao" | "Asia/Macau" | "Asia/Magadan" | "Asia/Makassar" | "Asia/Manila" | "Asia/Muscat" | "Asia/Nicosia" | "Asia/Novokuznetsk" | "Asia/Novosibirsk" | "Asia/Omsk" | "Asia/Oral" | "Asia/Phnom_Penh" | "Asia/Pontianak" | "Asia/Pyongyang" | "Asia/Qatar" | "Asia/Qostanay" | "Asia/Qyzylorda" | "Asia/Rangoon" | "Asia/Riyadh" | "Asia/Saigon" | "Asia/Sakhalin" | "Asia/Samarkand" | "Asia/Seoul" | "Asia/Shanghai" | "Asia/Singapore" | "Asia/Srednekolymsk" | "Asia/Taipei" | "Asia/Tashkent" | "Asia/Tbilisi" | "Asia/Tehran" | "Asia/Tel_Aviv" | "Asia/Thimbu" | "Asia/Thimphu" | "Asia/Tokyo" | "Asia/Tomsk" | "Asia/Ujung_Pandang" | "Asia/Ulaanbaatar" | "Asia/Ulan_Bator" | "Asia/Urumqi" | "Asia/Ust-Nera" | "Asia/Vientiane" | "Asia/Vladivostok" | "Asia/Yakutsk" | "Asia/Yangon" | "Asia/Yekaterinburg" | "Asia/Yerevan" | "Atlantic/Azores" | "Atlantic/Bermuda" | "Atlantic/Canary" | "Atlantic/Cape_Verde" | "Atlantic/Faeroe" | "Atlantic/Faroe" | "Atlantic/Jan_Mayen" | "Atlantic/Madeira" | "Atlantic/Reykjavik" | "Atlantic/South_Georgia" | "Atlantic/St_Helena" | "Atlantic/Stanley" | "Australia/ACT" | "Australia/Adelaide" | "Australia/Brisbane" | "Australia/Broken_Hill" | "Australia/Canberra" | "Australia/Currie" | "Australia/Darwin" | "Australia/Eucla" | "Australia/Hobart" | "Australia/LHI" | "Australia/Lindeman" | "Australia/Lord_Howe" | "Australia/Melbourne" | "Australia/NSW" | "Australia/North" | "Australia/Perth" | "Australia/Queensland" | "Australia/South" | "Australia/Sydney" | "Australia/Tasmania" | "Australia/Victoria" | "Australia/West" | "Australia/Yancowinna" | "Brazil/Acre" | "Brazil/DeNoronha" | "Brazil/East" | "Brazil/West" | "CET" | "CST6CDT" | "Canada/Atlantic" | "Canada/Central" | "Canada/Eastern" | "Canada/Mountain" | "Canada/Newfoundland" | "Canada/Pacific" | "Canada/Saskatchewan" | "Canada/Yukon" | "Chile/Continental" | "Chile/EasterIsland" | "Cuba" | "EET" | "EST" | "EST5EDT" | "Egypt" | "Eire" | "Etc/GMT" | "Etc/GMT+0" | "Etc/GMT+1" | "Etc/GMT+10" | "Etc/GMT+11" | "Etc/GMT+12" | "Etc/GMT+2" | "Etc/GMT+3" | "Etc/GMT+4" | "Etc/GMT+5" | "Etc/GMT+6" | "Etc/GMT+7" | "Etc/GMT+8" | "Etc/GMT+9" | "Etc/GMT-0" | "Etc/GMT-1" | "Etc/GMT-10" | "Etc/GMT-11" | "Etc/GMT-12" | "Etc/GMT-13" | "Etc/GMT-14" | "Etc/GMT-2" | "Etc/GMT-3" | "Etc/GMT-4" | "Etc/GMT-5" | "Etc/GMT-6" | "Etc/GMT-7" | "Etc/GMT-8" | "Etc/GMT-9" | "Etc/GMT0" | "Etc/Greenwich" | "Etc/UCT" | "Etc/UTC" | "Etc/Universal" | "Etc/Zulu" | "Europe/Amsterdam" | "Europe/Andorra" | "Europe/Astrakhan" | "Europe/Athens" | "Europe/Belfast" | "Europe/Belgrade" | "Europe/Berlin" | "Europe/Bratislava" | "Europe/Brussels" | "Europe/Bucharest" | "Europe/Budapest" | "Europe/Busingen" | "Europe/Chisinau" | "Europe/Copenhagen" | "Europe/Dublin" | "Europe/Gibraltar" | "Europe/Guernsey" | "Europe/Helsinki" | "Europe/Isle_of_Man" | "Europe/Istanbul" | "Europe/Jersey" | "Europe/Kaliningrad" | "Europe/Kiev" | "Europe/Kirov" | "Europe/Kyiv" | "Europe/Lisbon" | "Europe/Ljubljana" | "Europe/London" | "Europe/Luxembourg" | "Europe/Madrid" | "Europe/Malta" | "Europe/Mariehamn" | "Europe/Minsk" | "Europe/Monaco" | "Europe/Moscow" | "Europe/Nicosia" | "Europe/Oslo" | "Europe/Paris" | "Europe/Podgorica" | "Europe/Prague" | "Europe/Riga" | "Europe/Rome" | "Europe/Samara" | "Europe/San_Marino" | "Europe/Sarajevo" | "Europe/Saratov" | "Europe/Simferopol" | "Europe/Skopje" | "Europe/Sofia" | "Europe/Stockholm" | "Europe/Tallinn" | "Europe/Tirane" | "Europe/Tiraspol" | "Europe/Ulyanovsk" | "Europe/Uzhgorod" | "Europe/Vaduz" | "Europe/Vatican" | "Europe/Vienna" | "Europe/Vilnius" | "Europe/Volgograd" | "Europe/Warsaw" | "Europe/Zagreb" | "Europe/Zaporozhye" | "Europe/Zurich" | "Factory" | "GB" | "GB-Eire" | "GMT" | "GMT+0" | "GMT-0" | "GMT0" | "Greenwich" | "HST" | "Hongkong" | "Iceland" | "Indian/Antananarivo" | "Indian/Chagos" | "Indian/Christmas" | "Indian/Cocos" | "Indian/Comoro" | "Indian/Kerguelen" | "Indian/Mahe" | "Indian/Maldives" | "Indian/Mauritius" | "Indian/Mayotte" | "Indian/Reunion" | "Iran" | "Israel" | "Jamaica" | "Japan" | "Kwajalein" | "Libya" | "MET" | "MST" | "MST7MDT" | "Mexico/BajaNorte" | "Mexico/BajaSur" | "Mexico/General" | "NZ" | "NZ-CHAT" | "Navajo" | "PRC" | "PST8PDT" | "Pacific/Apia" | "Pacific/Auckland" | "Pacific/Bougainville" | "Pacific/Chatham" | "Pacific/Chuuk" | "Pacific/Easter" | "Pacific/Efate" | "Pacific/Enderbury" | "Pacific/Fakaofo" | "Pacific/Fiji" | "Pacific/Funafuti" | "Pacific/Galapagos" | "Pacific/Gambier" | "Pacific/Guadalcanal" | "Pacific/Guam" | "Pacific/Honolulu" | "Pacific/Johnston" | "Pacific/Kanton" | "Pacific/Kiritimati" | "Pacific/Kosrae" | "Pacific/Kwajalein" | "Pacific/Majuro" | "Pacific/Marquesas" | "Pacific/Midway" | "Pacific/Nauru" | "Pacific/Niue" | "Pacific/Norfolk" | "Pacific/Noumea" | "Pacific/Pago_Pago" | "Pacific/Palau" | "Pacific/Pitcairn" | "Pacific/Pohnpei" | "Pacific/Ponape" | "Pacific/Port_Moresby" | "Pacific/Rarotonga" | "Pacific/Saipan" | "Pacific/Samoa" | "Pacific/Tahiti" | "Pacific/Tarawa" | "Pacific/Tongatapu" | "Pacific/Truk" | "Pacific/Wake" | "Pacific/Wallis" | "Pacific/Yap" | "Poland" | "Portugal" | "ROC" | "ROK" | "Singapore" | "Turkey" | "UCT" | "US/Alaska" | "US/Aleutian" | "US/Arizona" | "US/Central" | "US/East-Indiana" | "US/Eastern" | "US/Hawaii" | "US/Indiana-Starke" | "US/Michigan" | "US/Mountain" | "US/Pacific" | "US/Samoa" | "UTC" | "Universal" | "W-SU" | "WET" | "Zulu";
        Reminder: {
            /** @description Minutes before the task is due. */
            minutes_before?: number;
            /**
             * Format: date-time
             * @description An instant, in any time zone.
             */
            at?: string;
        };
        Recurrence: {
            /** @description An RRULE value (RFC 5545 §3.3.10) without DTSTART and without times. */
            rule: string;
            /**
             * @description What the next day is counted from. By default: `schedule`.
             * @enum {string}
             */
            basis?: "schedule" | "completion";
            /**
             * Format: date
             * @description The scheduled day of the present occurrence. By default: the day in `due`.
             */
            anchor?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Batch = components['schemas']['Batch'];
export type BatchComplete = components['schemas']['BatchComplete'];
export type BatchCreate = components['schemas']['BatchCreate'];
export type BatchCreateFilter = components['schemas']['BatchCreateFilter'];
export type BatchCreateLabel = components['schemas']['BatchCreateLabel'];
export type BatchCreateList = components['schemas']['BatchCreateList'];
export type BatchDelete = components['schemas']['BatchDelete'];
export type BatchDeleted = components['schemas']['BatchDeleted'];
export type BatchDone = components['schemas']['BatchDone'];
export type BatchDoneFilter = components['schemas']['BatchDoneFilter'];
export type BatchDoneLabel = components['schemas']['BatchDoneLabel'];
export type BatchDoneList = components['schemas']['BatchDoneList'];
export type BatchMove = components['schemas']['BatchMove'];
export type BatchReopen = components['schemas']['BatchReopen'];
export type BatchRestore = components['schemas']['BatchRestore'];
export type BatchResult = components['schemas']['BatchResult'];
export type BatchTaskCreate = components['schemas']['BatchTaskCreate'];
export type BatchTaskPatch = components['schemas']['BatchTaskPatch'];
export type BatchUpdate = components['schemas']['BatchUpdate'];
export type BatchUpdateFilter = components['schemas']['BatchUpdateFilter'];
export type BatchUpdateLabel = components['schemas']['BatchUpdateLabel'];
export type BatchUpdateList = components['schemas']['BatchUpdateList'];
export type CanonicalFilter = components['schemas']['CanonicalFilter'];
export type ChangeEvent = components['schemas']['ChangeEvent'];
export type ChangeKind = components['schemas']['ChangeKind'];
export type CompletedTask = components['schemas']['CompletedTask'];
export type Completing = components['schemas']['Completing'];
export type CompletingTask = components['schemas']['CompletingTask'];
export type Completion = components['schemas']['Completion'];
export type Delta = components['schemas']['Delta'];
export type Due = components['schemas']['Due'];
export type Emptied = components['schemas']['Emptied'];
export type Entry = components['schemas']['Entry'];
export type ErrorCode = components['schemas']['ErrorCode'];
export type FaultCode = components['schemas']['FaultCode'];
export type FieldFault = components['schemas']['FieldFault'];
export type Filter = components['schemas']['Filter'];
export type FilterChange = components['schemas']['FilterChange'];
export type FilterCreate = components['schemas']['FilterCreate'];
export type FilterEntry = components['schemas']['FilterEntry'];
export type FilterPatch = components['schemas']['FilterPatch'];
export type FilterText = components['schemas']['FilterText'];
export type Health = components['schemas']['Health'];
export type Label = components['schemas']['Label'];
export type LabelChange = components['schemas']['LabelChange'];
export type LabelCreate = components['schemas']['LabelCreate'];
export type LabelEntry = components['schemas']['LabelEntry'];
export type LabelPatch = components['schemas']['LabelPatch'];
export type List = components['schemas']['List'];
export type ListChange = components['schemas']['ListChange'];
export type ListCreate = components['schemas']['ListCreate'];
export type ListEntry = components['schemas']['ListEntry'];
export type ListPatch = components['schemas']['ListPatch'];
export type Move = components['schemas']['Move'];
export type NewToken = components['schemas']['NewToken'];
export type PoolHealth = components['schemas']['PoolHealth'];
export type Problem = components['schemas']['Problem'];
export type QuickAddPreview = components['schemas']['QuickAddPreview'];
export type QuickAddedTask = components['schemas']['QuickAddedTask'];
export type QuickAddition = components['schemas']['QuickAddition'];
export type Readiness = components['schemas']['Readiness'];
export type Reference = components['schemas']['Reference'];
export type Removed = components['schemas']['Removed'];
export type Span = components['schemas']['Span'];
export type Task = components['schemas']['Task'];
export type TaskChange = components['schemas']['TaskChange'];
export type TaskCreate = components['schemas']['TaskCreate'];
export type TaskMove = components['schemas']['TaskMove'];
export type TaskPatch = components['schemas']['TaskPatch'];
export type TaskUpdate = components['schemas']['TaskUpdate'];
export type Ticket = components['schemas']['Ticket'];
export type Token = components['schemas']['Token'];
export type TokenCreate = components['schemas']['TokenCreate'];
export type Trashed = components['schemas']['Trashed'];
export type Uid = components['schemas']['Uid'];
export type Undo = components['schemas']['Undo'];
export type Undone = components['schemas']['Undone'];
export type User = components['schemas']['User'];
export type UserChange = components['schemas']['UserChange'];
export type UserPatch = components['schemas']['UserPatch'];
export type TimeZone = components['schemas']['TimeZone'];
export type Reminder = components['schemas']['Reminder'];
export type Recurrence = components['schemas']['Recurrence'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
